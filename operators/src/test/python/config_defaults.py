"""Records the model that Hugging Face transformers makes of a configuration that says nothing but its type.

    python3 config_defaults.py ../resources/random-models/defaults.json

Needs transformers 5 and torch. Each class name in Families has a line with its default sizes and other numbers, read off the
configuration object; "windows" has a window for each layer, or 0 where it sees the longest context, "rope" the base and the number of
dimensions that turn in full layers, and with experts there are how many, how many are chosen, and their inner width.
"""
import json
import sys

import transformers as hf

CLASSES = {
    "LlamaForCausalLM": hf.LlamaConfig, "MistralForCausalLM": hf.MistralConfig, "MinistralForCausalLM": hf.MinistralConfig,
    "MixtralForCausalLM": hf.MixtralConfig, "Qwen2ForCausalLM": hf.Qwen2Config, "Qwen2MoeForCausalLM": hf.Qwen2MoeConfig,
    "Qwen3ForCausalLM": hf.Qwen3Config, "Qwen3MoeForCausalLM": hf.Qwen3MoeConfig, "GemmaForCausalLM": hf.GemmaConfig,
    "Gemma2ForCausalLM": hf.Gemma2Config, "Gemma3ForCausalLM": hf.Gemma3TextConfig, "PhiForCausalLM": hf.PhiConfig,
    "Phi3ForCausalLM": hf.Phi3Config, "Olmo2ForCausalLM": hf.Olmo2Config, "Olmo3ForCausalLM": hf.Olmo3Config,
    "OlmoeForCausalLM": hf.OlmoeConfig, "SmolLM3ForCausalLM": hf.SmolLM3Config, "GraniteForCausalLM": hf.GraniteConfig,
    "GPTNeoXForCausalLM": hf.GPTNeoXConfig, "StableLmForCausalLM": hf.StableLmConfig, "Starcoder2ForCausalLM": hf.Starcoder2Config,
    "CohereForCausalLM": hf.CohereConfig, "Cohere2ForCausalLM": hf.Cohere2Config, "SeedOssForCausalLM": hf.SeedOssConfig,
    "Ernie4_5ForCausalLM": hf.Ernie4_5Config, "HeliumForCausalLM": hf.HeliumConfig, "GlmForCausalLM": hf.GlmConfig,
    "Glm4ForCausalLM": hf.Glm4Config, "NemotronForCausalLM": hf.NemotronConfig, "Exaone4ForCausalLM": hf.Exaone4Config,
    "FalconForCausalLM": hf.FalconConfig, "OPTForCausalLM": hf.OPTConfig, "GPTNeoForCausalLM": hf.GPTNeoConfig,
    "GPTJForCausalLM": hf.GPTJConfig, "GPT2LMHeadModel": hf.GPT2Config, "BloomForCausalLM": hf.BloomConfig,
    "MptForCausalLM": hf.MptConfig, "GptOssForCausalLM": hf.GptOssConfig,
    "Qwen3_5ForCausalLM": hf.Qwen3_5TextConfig, "Qwen3_5MoeForCausalLM": hf.Qwen3_5MoeTextConfig, "Qwen3NextForCausalLM": hf.Qwen3NextConfig,
    "ApertusForCausalLM": hf.ApertusConfig, "GPTBigCodeForCausalLM": hf.GPTBigCodeConfig, "HunYuanDenseV1ForCausalLM": hf.HunYuanDenseV1Config,
    "CodeGenForCausalLM": hf.CodeGenConfig, "VaultGemmaForCausalLM": hf.VaultGemmaConfig, "GraniteMoeForCausalLM": hf.GraniteMoeConfig,
    "PhimoeForCausalLM": hf.PhimoeConfig, "Ernie4_5_MoeForCausalLM": hf.Ernie4_5_MoeConfig,
    "ArceeForCausalLM": hf.ArceeConfig, "OlmoForCausalLM": hf.OlmoConfig, "CwmForCausalLM": hf.CwmConfig,
}


def first(config, *names):
    """The first of the attributes that there is and is not None."""
    return next((value for value in (getattr(config, name, None) for name in names) if value is not None), None)


def windows(config, layers):
    window = getattr(config, "sliding_window", None) or 0
    if window >= (first(config, "max_position_embeddings") or 0):
        window = 0
    kinds = getattr(config, "layer_types", None)
    if config.model_type == "gpt_neo":
        return [config.window_size if kind == "local" else 0 for kind in config.attention_layers]
    if kinds is not None:
        return [window if kind == "sliding_attention" else 0 for kind in kinds]
    return [window] * layers


def rope(config, head_dim):
    """Of full layers."""
    if config.model_type in ("gptj", "codegen"):
        return [10000.0, config.rotary_dim]
    parameters = getattr(config, "rope_parameters", None)
    if not parameters or getattr(config, "alibi", False):
        return None
    parameters = parameters.get("full_attention", parameters)
    return [float(parameters["rope_theta"]), int(head_dim * parameters.get("partial_rotary_factor", 1))]


def described(config):
    hidden = first(config, "hidden_size", "d_model")
    heads = first(config, "num_attention_heads")
    layers = first(config, "num_hidden_layers")
    head_dim = first(config, "head_dim") or hidden // heads
    multi_query = config.model_type == "falcon" and config.multi_query
    described = {
        "vocab_size": config.vocab_size,
        "hidden_size": hidden,
        "layers": layers,
        "heads": heads,
        "key_value_heads": 1 if multi_query else first(config, "num_key_value_heads") or heads,
        "head_dim": head_dim,
        "feed_forward_size": first(config, "intermediate_size", "ffn_dim", "ffn_hidden_size", "n_inner", "moe_intermediate_size") or 4 * hidden,
        "max_positions": first(config, "max_position_embeddings", "n_positions", "max_seq_len"),
        "norm_epsilon": first(config, "rms_norm_eps", "layer_norm_eps", "layer_norm_epsilon", "norm_epsilon", "norm_eps"),
        "tied": config.tie_word_embeddings,
        "windows": windows(config, layers),
        "rope": rope(config, head_dim),
    }
    experts = first(config, "num_local_experts", "num_experts")
    if experts:
        described |= {"experts": experts, "chosen": config.num_experts_per_tok}
        described["expert_size"] = first(config, "moe_intermediate_size", "intermediate_size")
    return {key: value for key, value in described.items() if value is not None}


def main():
    lines = []
    for name, kind in sorted(CLASSES.items()):
        line = {"model_type": kind.model_type, **described(kind.from_dict({"model_type": kind.model_type}))}
        lines.append(json.dumps(name) + ":" + json.dumps(line, separators=(",", ":")))
    with open(sys.argv[1], "w", encoding="utf-8") as target:
        target.write("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
