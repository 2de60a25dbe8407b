"""Records what Hugging Face transformers makes of configurations that were changed at random.

    python3 config_mutations.py ../resources/random-models/families ../resources/random-models/mutations [ARCHITECTURE ...]

Needs what random_models.py needs. Starts from the recordings that random_models.py wrote. A recording holds one
architecture's cases: the recording that a case starts from ("base") and which of its configurations ("of"); the keys that are
set and dropped, with dots into nested objects; how tensors' shapes differ from the base's (null: there is no such tensor;
a star stands for the number of any layer that the base has); and the log-probabilities (nats) of TOKENS after each of LENGTHS
tokens of the base's text, or why there are none. Where tensors do not follow the changed configuration, "stored" says so.
"""
import copy
import json
import math
import pathlib
import random
import re
import sys
import tempfile
import warnings
import zlib

import numpy as np
import torch
import transformers as hf
from safetensors import safe_open
from safetensors.numpy import save_file

import random_models

CASES = range(30)
LENGTHS = [12, 40]
LARGEST = 300_000
TOKENS = [0, 7, 19, 33, 60]

ACTIVATIONS = ["silu", "swish", "gelu", "gelu_new", "gelu_pytorch_tanh", "gelu_fast", "gelu_python", "gelu_accurate", "relu",
               "relu2", "quick_gelu", "tanh", "mish", "leaky_relu", "sigmoid", "gelu_10", "linear", "unknown"]
EPSILONS = [1e-8, 1e-3, 0.01, 0.2, 0, 1]
SCALES = [0.05, 0.5, 1, 1.7, 3.0]
CAPS = [0.5, 2.0, 20, None, 0]
SHARES = [0.25, 0.5, 0.75, 1.0, 0.3, 0.9, 1.5, 0.0]
WINDOWS = [1, 8, 24, 40, 48, 2048, None, 0]
THETAS = [500, 20000.0, 1000000.0, 10000, 1.0]
HEADS = [1, 2, 4, 8, 3]
ROPE_OBJECTS = [
    {"rope_type": "default"}, {"rope_type": "default", "rope_theta": 3000.0}, {"rope_theta": 3000.0},
    {"rope_type": "linear", "factor": 3.0}, {"type": "linear", "factor": 2.0}, {"type": "linear", "rope_type": "dynamic", "factor": 2.0},
    {"rope_type": "linear", "factor": 3.0, "rope_theta": 700.0}, {"rope_type": "dynamic", "factor": 2.0},
    {"rope_type": "dynamic", "factor": 2.0, "original_max_position_embeddings": 32},
    {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 64},
    {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 4.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 64},
    {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0},
    {"rope_type": "yarn", "factor": 4.0}, {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 64},
    {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 64, "beta_fast": 8, "beta_slow": 2},
    {"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 64, "mscale": 0.8, "mscale_all_dim": 1.0},
    {"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 64, "mscale": 0.8},
    {"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 64, "mscale": 0, "mscale_all_dim": 0.5},
    {"rope_type": "yarn", "factor": 0.5, "original_max_position_embeddings": 64, "attention_factor": 1.3},
    {"rope_type": "longrope", "short_factor": [1.0, 1.1, 1.3, 2.0], "long_factor": [1.5, 2.0, 3.5, 8.0], "original_max_position_embeddings": 64},
    {"type": "su", "short_factor": [1.0, 1.1, 1.3, 2.0], "long_factor": [1.5, 2.0, 3.5, 8.0]},
    {"rope_type": "longrope", "short_factor": [1.0, 1.1], "long_factor": [1.5, 2.0], "factor": 4.0, "original_max_position_embeddings": 64},
    {"type": "mrope", "mrope_section": [2, 1, 1]}, {"rope_type": "ntk", "factor": 2.0}, {"factor": 2.0}, {}, "linear",
]
KINDS = ["full_attention", "sliding_attention"]

VALUES = {
    **dict.fromkeys(["hidden_act", "hidden_activation", "activation_function", "activation"], ACTIVATIONS),
    **dict.fromkeys(["rms_norm_eps", "layer_norm_eps", "layer_norm_epsilon", "norm_epsilon"], EPSILONS),
    **dict.fromkeys(["attention_multiplier", "residual_multiplier", "logits_scaling", "embedding_multiplier", "logit_scale"], SCALES),
    **dict.fromkeys(["attn_logit_softcapping", "final_logit_softcapping"], CAPS),
    **dict.fromkeys(["partial_rotary_factor", "rotary_pct"], SHARES),
    **dict.fromkeys(["sliding_window", "window_size"], WINDOWS),
    **dict.fromkeys(["rope_theta", "rotary_emb_base", "rope_local_base_freq"], THETAS),
    **dict.fromkeys(["num_attention_heads", "n_head", "num_heads", "num_key_value_heads", "num_kv_heads"], HEADS),
    **dict.fromkeys(["intermediate_size", "ffn_dim", "n_inner", "ffn_hidden_size"], [24, 64, 128, None]),
    **dict.fromkeys(["hidden_size", "n_embd"], [16, 48, 24]),
    **dict.fromkeys(["num_hidden_layers", "n_layer", "num_layers"], [1, 2, 3, 5]),
    **dict.fromkeys(["max_position_embeddings", "n_positions"], [48, 64, 100000, None]),
    **dict.fromkeys(["sliding_window_pattern", "_sliding_window_pattern", "no_rope_layer_interval"], [1, 2, 3, 4, 6, 0]),
    "head_dim": [4, 16, 12, 7, None], "vocab_size": [64, 70], "query_pre_attn_scalar": [4, 32, 100.5], "rotary_dim": [2, 6, 8, 3, 0, None],
    "max_window_layers": [0, 1, 3, 4, 28], "word_embed_proj_dim": [16, 32], "num_ln_in_parallel_attn": [1, 2, None],
    "original_max_position_embeddings": [48, 64, 128, 512], "factor": [1.0, 2.0, 5, 0.5, "2"], "attention_factor": [0.6, 1.5, 1, None],
    "beta_fast": [4.0, 64], "beta_slow": [0.5, 2], "mscale": [0.5, 1], "mscale_all_dim": [0.5, 1], "truncate": [True, False],
    "rope_type": ["default", "linear", "dynamic", "yarn", "llama3", "longrope", "unknown"],
    "model_type": ["llama", "mistral", "qwen2", "gemma", "gemma2", "granite", "cohere", "gpt2", "gpt_neox", "helium"],
    "rope_scaling": ROPE_OBJECTS, "rope_parameters": ROPE_OBJECTS, "pretraining_tp": [1, 2], "tie_word_embeddings": [True, False],
    "use_bidirectional_attention": [True, False, None],
}
NEW = {
    **VALUES, "attention_bias": [True, False], "mlp_bias": [True, False], "use_sliding_window": [True, False], "qk_layernorm": [True, False],
    "use_qk_norm": [True, False], "use_parallel_residual": [True, False], "is_causal": [True, False], "use_bias": [True, False], "bias": [True],
    "attention_out_bias": [True], "use_qkv_bias": [True], "lm_head_bias": [True], "scale_attn_weights": [False], "clip_qkv": [0.5, 8.0],
    "scale_attn_by_inverse_layer_idx": [True], "alibi": [True], "multi_query": [True, False], "parallel_attn": [False], "use_mrope": [False, True],
    "do_layer_norm_before": [False], "no_rope_layers": [[1, 0, 1, 1], [0, 0, 0, 0], [1, 1]], "rope_interleaved": [True, False],
    "is_decoder": [True], "add_cross_attention": [True, False], "chunk_size_feed_forward": [0, 2], "pruned_heads": [{}, {"1": [0, 2]}],
    "use_cache": [False], "attn_implementation": ["sdpa"], "_attn_implementation": ["sdpa"], "layer_norm_elementwise_affine": [False],
    "hidden_dropout": [0.5], "num_local_experts": [4], "attention_temperature": [2.0], "_remove_final_layer_norm": [True], "enable_bias": [False],
}

# Of models whose layers are delta nets or have attention.
VALUES_OF_NETS = {
    "linear_num_key_heads": [1, 2, 4, 3], "linear_num_value_heads": [2, 4, 6, 3], "linear_key_head_dim": [4, 8, 7],
    "linear_value_head_dim": [4, 8, 7], "linear_conv_kernel_dim": [1, 2, 3, 4], "full_attention_interval": [1, 2, 3],
}


def layer_types(rng, layers, target):
    kinds = ["full_attention", "linear_attention"] if "linear_num_key_heads" in target else KINDS
    types = [rng.choice(kinds) for _ in range(layers)]
    wrong = rng.randrange(12)
    return types[1:] if wrong == 0 else types[:-1] + ["chunked_attention"] if wrong == 1 else types


def objects(config):
    """The nested objects that a key may be in, as prefixes of keys."""
    text = "text_config." if "text_config" in config else ""
    inner = config["text_config"] if text else config
    places = [text] * 5
    for name in ["rope_parameters", "rope_scaling"]:
        rope = inner.get(name)
        if isinstance(rope, dict):
            nested = [f"{text}{name}.{kind}." for kind in rope if isinstance(rope[kind], dict)]
            places += nested or [f"{text}{name}."]
    return places + ([""] if text else [])


def at(config, place):
    for name in place.split(".")[:-1]:
        config = config[name]
    return config


def flipped(rng, value):
    """Another value of about the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return rng.choice([value + 1, 2 * value, max(1, value // 2)])
    if isinstance(value, float):
        return rng.choice([value * 2, value / 3, value + 0.25])
    if isinstance(value, list):
        return rng.choice([value[:-1], value[::-1], value + value[-1:]])
    return rng.choice([True, 2, "other"])


def odd(rng, value):
    """A value that should not be there."""
    return rng.choice([None, str(value), [value], -1, 0, -0.5, {"value": value}, "", not value, 3.5, 1e30])


def likely_keys(target):
    """Keys that change numbers, each as often as it should be tried."""
    quiet = {"initializer_range", "use_cache", "transformers_version", "dtype", "torch_dtype", "bos_token_id", "eos_token_id", "pad_token_id",
             "vision_config", "text_config", "architectures", "auto_map", "boi_token_index", "eoi_token_index", "image_token_index", "mm_tokens_per_image"}
    keys = []
    for key in sorted(target):
        seldom = key in quiet or "drop" in key or key.startswith("summary") or key == "model_type"
        keys += [key] * (1 if seldom else 8)
    return keys


def change(rng, config):
    """One change, as (key, is set, value)."""
    place = rng.choice(objects(config))
    target = at(config, place)
    if not target:
        return place + "factor", True, 2.0
    key = rng.choice(likely_keys(target))
    layers = next((at(config, objects(config)[0]).get(k) for k in ["num_hidden_layers", "n_layer", "num_layers"]
                   if isinstance(at(config, objects(config)[0]).get(k), int)), 4)
    action = rng.random()
    if action < 0.2 and "rope_" not in place:
        key = rng.choice([k for k in sorted(NEW) if k not in target] + ["layer_types"] * 3 + ["rope_scaling", "rope_parameters"] * 3)
        value = layer_types(rng, layers, target) if key == "layer_types" else rng.choice(NEW[key])
        return place + key, True, value
    if action < 0.3:
        return place + key, False, None
    if action < 0.4:
        return place + key, True, odd(rng, target[key])
    if key == "layer_types":
        return place + key, True, layer_types(rng, layers, target)
    if key in VALUES or key in VALUES_OF_NETS:
        return place + key, True, rng.choice(VALUES.get(key) or VALUES_OF_NETS[key])
    return place + key, True, flipped(rng, target[key])


def mutation(rng, base):
    """(which configuration, keys to set, keys to drop, the changed configuration)"""
    of = rng.choice(["config", "legacy"]) if "legacy" in base else "config"
    config = copy.deepcopy(base[of])
    values, dropped = {}, []
    for _ in range(rng.choice([1, 1, 1, 2, 2, 3])):
        key, is_set, value = change(rng, config)
        if any(key == k or key.startswith(k + ".") or k.startswith(key + ".") for k in [*values, *dropped]):
            continue
        target, name = at(config, key), key.split(".")[-1]
        if is_set:
            values[key] = target[name] = value
        else:
            dropped.append(key)
            del target[name]
    return of, values, dropped, config


def shapes_of(config):
    with torch.device("meta"):
        size = sum(parameter.numel() for parameter in random_models.create(config).parameters())
    if size > LARGEST:
        raise ValueError("is too large for a test")
    with tempfile.TemporaryDirectory() as directory:
        random_models.create(config).save_pretrained(directory)
        with safe_open(pathlib.Path(directory, "model.safetensors"), "np") as stored:
            return {name: list(stored.get_slice(name).get_shape()) for name in sorted(stored.keys())}


def difference(base, tensors):
    """What to change in one to get the other, the same change in all layers said once."""
    changes = {name: tensors.get(name) for name in sorted({*tensors, *base}) if tensors.get(name) != base.get(name)}
    numbers = {name: re.sub(r"\.\d+\.", ".*.", name, count=1) for name in {*changes, *base}}
    for star in sorted(set(numbers.values())):
        alike = [name for name in numbers if numbers[name] == star]
        inner = [name for name in base if numbers[name].split("*")[0] == star.split("*")[0]]
        layers = {re.search(r"\.\d+\.", name).group() for name in inner} if "*" in star else set()
        if layers and {re.search(r"\.\d+\.", name).group() for name in alike} == layers and all(
                name in changes and changes[name] == changes[alike[0]] for name in alike):
            shape = changes[alike[0]]
            for name in alike:
                del changes[name]
            changes[star] = shape
    return changes


def log_probabilities(directory, config):
    kind = random_models.model_class(config)
    attention = random_models.attention_of(config)
    model, report = kind.from_pretrained(directory, dtype=torch.float32, attn_implementation=attention, output_loading_info=True)
    made_up = sorted(report["missing_keys"]) + sorted(str(key) for key in report["mismatched_keys"])
    if made_up:
        raise ValueError("makes up weights such as " + made_up[0])
    rows = []
    with torch.no_grad():
        for length in LENGTHS:
            logits = model.eval()(torch.tensor([random_models.TEXT[:length]]), use_cache=False).logits[0, -1]
            row = torch.log_softmax(logits.double(), -1)[TOKENS].tolist()
            if not all(map(math.isfinite, row)):
                raise ValueError("is not a number")
            rows.append([round(value, 5) for value in row])
    return rows


def renamed(name, changed):
    """The configuration of a Llama that computes the same as one whose code comes with it, and what its tensors are called there."""
    if name not in random_models.RENAMED:
        return changed, random_models.renamed_models.AsTheyAre()
    if changed.get("model_type") != random_models.RENAMED[name].model_type:
        raise ValueError("is not of that code")
    names = type(random_models.RENAMED[name]).of(changed)
    return names.llama(changed), names


def stored(names, shapes, published):
    """The tensors that transformers is given, from those of the published model: those that are not there are zeros."""
    tensors = {}
    for name, shape in shapes.items():
        own = names.tensor(name)
        if own is None:
            tensors[name] = np.zeros(shape, np.float32)
        elif own in published:
            tensors[name] = random_models.values(own, published[own])
    return tensors


def record(rng, name, base):
    of, values, dropped, changed = mutation(rng, base)
    case = {"base": name, "of": of, "set": values}
    if dropped:
        case["drop"] = dropped
    keeps_tensors = rng.random() < 0.12
    tensors = base["tensors"]
    with tempfile.TemporaryDirectory() as directory:
        try:
            understood, names = renamed(name, changed)
            pathlib.Path(directory, "config.json").write_text(json.dumps(understood))
            config = hf.AutoConfig.from_pretrained(directory)
            if keeps_tensors:
                case["stored"] = "as before"
                shapes = {of_model: None for of_model in tensors} if name not in random_models.RENAMED else shapes_of(config)
            else:
                shapes = shapes_of(config)
                tensors = {names.tensor(k): s for k, s in shapes.items() if names.tensor(k)}
                changes = difference(base["tensors"], tensors)
                if changes:
                    case["tensors"] = changes
            save_file(stored(names, shapes, tensors), pathlib.Path(directory, "model.safetensors"), metadata={"format": "pt"})
            case["logp"] = log_probabilities(directory, config)
        except Exception as e:
            case["error"] = (type(e).__name__ + ": " + " ".join(str(e).split()))[:60]
    return case


def main():
    warnings.simplefilter("ignore")
    hf.logging.set_verbosity(hf.logging.CRITICAL)
    hf.logging.disable_progress_bar()
    torch.set_num_threads(1)
    bases = {}
    for file in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
        recording = json.loads(file.read_text())
        # Changed tensors could not be packed as a quantization says.
        if "quantization_config" not in recording["config"]:
            bases.setdefault(recording["config"]["architectures"][0], {})[file.stem] = recording
    target = pathlib.Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    for architecture in sys.argv[3:] or sorted(bases):
        cases = []
        for number in CASES:
            seed = zlib.crc32(f"{architecture} {number}".encode())
            rng = random.Random(seed)
            name = rng.choice(sorted(bases[architecture]))
            cases.append(record(rng, name, bases[architecture][name]))
        lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
        (target / (architecture + ".json")).write_text("[\n" + lines + "\n]\n")
        print(architecture, sum("logp" in case for case in cases), "of", len(cases), flush=True)


if __name__ == "__main__":
    main()
