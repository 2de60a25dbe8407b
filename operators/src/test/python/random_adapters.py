"""Records what peft computes for LoRA adapters of the tiny models of random_models.py.

    python3 random_adapters.py ../resources/random-models/adapters [NAME ...]

Needs torch, transformers 5, peft and safetensors; neither the build nor the tests do. A recording is one of a model, and
beside it the adapter's configuration as peft writes it ("adapter_config") and the shapes of its tensors
("adapter_tensors"). The log-probabilities are those of the model with the adapter in it, not merged. Where transformers
reads a directory that holds both, it has to give the same; it does not read the magnitudes of DoRA. peft's copies of the model's own embeddings are left out.
"""
import json
import pathlib
import shutil
import sys
import tempfile

import numpy as np
import peft
import torch
import transformers as hf
from safetensors import safe_open
from safetensors.numpy import save_file

import random_models

LENGTHS = [1, 17, 110]
TEXT = random_models.TEXT[:110]
LINEAR = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def variants():
    small = dict(random_models.LLAMA, num_hidden_layers=2, max_position_embeddings=256)
    without_sharers = {k: v for k, v in small.items() if k not in ("num_key_value_heads", "head_dim")}
    llama = hf.LlamaConfig(**small)
    tied = hf.LlamaConfig(**small, tie_word_embeddings=True)
    gpt2 = dict(vocab_size=61, n_embd=32, n_layer=2, n_head=4, n_positions=256, bos_token_id=0, eos_token_id=0)
    yield "llama", llama, dict(r=4, lora_alpha=8, target_modules=LINEAR, rank_pattern={"layers.1.mlp.*": 2, "q_proj": 3},
                               alpha_pattern={r"layers\.0\.self_attn\..*": 3}, use_rslora=True)
    yield "llama-regex", hf.LlamaConfig(**small, attention_bias=True), dict(
        r=2, lora_alpha=5, target_modules=r".*layers\.1\.self_attn\.(q|k)_proj", bias="all", lora_bias=True)
    yield "llama-tied", tied, dict(r=2, lora_alpha=4, target_modules=["v_proj", "embed_tokens"])
    yield "llama-tied-head", tied, dict(r=2, lora_alpha=4, target_modules=["v_proj", "lm_head"])
    yield "llama-tied-both", tied, dict(r=2, lora_alpha=4, target_modules=["v_proj", "embed_tokens", "lm_head"])
    yield "llama-saved", llama, dict(r=2, target_modules=["q_proj"], modules_to_save=["embed_tokens", "lm_head", "input_layernorm"])
    yield "llama-tied-saved", tied, dict(r=2, target_modules=["q_proj"], modules_to_save=["embed_tokens"])
    yield "llama-tied-tokens", tied, dict(r=2, target_modules=["q_proj"], trainable_token_indices=[5, 42, 60])
    yield "llama-dora", llama, dict(r=2, lora_alpha=3, target_modules=["q_proj", "down_proj", "embed_tokens"], use_dora=True)
    yield "gpt2", hf.GPT2Config(**gpt2, scale_attn_by_inverse_layer_idx=True), dict(
        r=4, lora_alpha=6, target_modules=["c_attn", "c_proj", "c_fc"], bias="lora_only", fan_in_fan_out=True)
    yield "gpt2-dora", hf.GPT2Config(**gpt2, scale_attn_by_inverse_layer_idx=True), dict(
        r=2, target_modules=["c_attn", "wte"], use_dora=True, fan_in_fan_out=True)
    yield "phi3", hf.Phi3Config(**{k: v for k, v in small.items() if k != "head_dim"}), dict(
        r=4, target_modules=["qkv_proj", "o_proj", "gate_up_proj", "down_proj"])
    yield "gpt-neox", hf.GPTNeoXConfig(**without_sharers), dict(r=4, target_modules="all-linear", lora_bias=True)
    yield "gemma3-multimodal", hf.Gemma3Config(
        text_config=hf.Gemma3TextConfig(**small, sliding_window=32), vision_config=hf.SiglipVisionConfig(**random_models.VISION),
        mm_tokens_per_image=4), dict(r=2, target_modules=["q_proj", "down_proj"])


def fill(file):
    """Gives the tensors of a file their values, and returns their shapes."""
    with safe_open(file, "np") as stored:
        shapes = {name: list(stored.get_slice(name).get_shape()) for name in sorted(stored.keys())}
    save_file({name: random_models.values(name, shape) for name, shape in shapes.items()}, file, metadata={"format": "pt"})
    return shapes


def log_probabilities(model):
    rows = []
    with torch.no_grad():
        for length in LENGTHS:
            logits = model.eval()(torch.tensor([TEXT[:length]]), use_cache=False).logits[0, -1]
            rows.append(torch.log_softmax(logits.double(), -1).tolist())
    return rows


def load(kind, directory):
    return kind.from_pretrained(directory, dtype=torch.float32, attn_implementation="eager")


def record(config, lora):
    kind = random_models.model_class(config)
    with tempfile.TemporaryDirectory() as top:
        base, adapter, both = (pathlib.Path(top, name) for name in ("base", "adapter", "both"))
        random_models.create(config).save_pretrained(base)
        shapes = fill(base / "model.safetensors")
        trained = peft.get_peft_model(load(kind, base), peft.LoraConfig(task_type="CAUSAL_LM", **lora))
        trained.save_pretrained(adapter, save_embedding_layers=False)
        adapter_shapes = fill(adapter / "adapter_model.safetensors")
        expected = log_probabilities(peft.PeftModel.from_pretrained(load(kind, base), adapter))
        moved = np.abs(np.array(expected) - np.array(log_probabilities(load(kind, base)))).max()
        assert moved > 0.1, "the adapter changes nothing"
        shutil.copytree(base, both)
        for name in ("adapter_config.json", "adapter_model.safetensors"):
            shutil.copy(adapter / name, both)
        again = log_probabilities(load(kind, both))
        assert lora.get("use_dora") or np.abs(np.array(again) - np.array(expected)).max() < 1e-4, "transformers differs"
        written = json.loads((adapter / "adapter_config.json").read_text())
        written["base_model_name_or_path"] = "org/base"
        written["target_modules"] = sorted(written["target_modules"]) if isinstance(written["target_modules"], list) else written["target_modules"]
        return {"config": json.loads((base / "config.json").read_text()), "tensors": shapes, "adapter_config": written,
                "adapter_tensors": adapter_shapes, "text": TEXT, "lengths": LENGTHS,
                "logp": [[round(v, 6) for v in row] for row in expected]}


def main():
    target = pathlib.Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for name, config, lora in variants():
        if len(sys.argv) > 2 and name not in sys.argv[2:]:
            continue
        (target / (name + ".json")).write_text(json.dumps(record(config, lora), separators=(",", ":")) + "\n")
        print(name, flush=True)


if __name__ == "__main__":
    main()
