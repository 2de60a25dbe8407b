"""Records what Hugging Face transformers computes for tiny models whose weights come from a formula.

    python3 random_models.py ../resources/random-models/families [NAME ...]

Needs torch, transformers 5 and safetensors; neither the build nor the tests do. A recording holds the configuration as
transformers writes it ("config"), the one that 4.57 wrote where that differs ("legacy"), every tensor's shape, one text of
600 tokens, and the log-probabilities (nats) after some of its beginnings. The values of tensors are RandomCheckpoint's.
"""
import copy
import json
import pathlib
import re
import sys
import tempfile
import zlib

import numpy as np
import torch
import transformers as hf
from safetensors import safe_open
from safetensors.numpy import save_file

import renamed_models

TEXT = [(i * 37 + i * i * 11 + 5) % 61 for i in range(600)]
LENGTHS = [1, 17, 110, 111, 600]
SIZES = dict(vocab_size=61, hidden_size=32, num_hidden_layers=4, num_attention_heads=4, num_key_value_heads=2, intermediate_size=40,
             max_position_embeddings=1024, bos_token_id=0, eos_token_id=0, pad_token_id=0)
LLAMA = dict(SIZES, head_dim=8)
WITHOUT_SHARERS = {k: v for k, v in SIZES.items() if k != "num_key_value_heads"}


def rope(kind, **values):
    return dict(rope_type=kind, rope_theta=values.pop("theta", 10000.0), **values)


LONG = dict(short_factor=[1.0, 1.1, 1.3, 2.0], long_factor=[1.5, 2.0, 3.5, 8.0], original_max_position_embeddings=256)
PARTIAL_LONG = {k: v[:3] if isinstance(v, list) else v for k, v in LONG.items()}
VISION = dict(hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2, image_size=28, patch_size=14)

MXFP4 = dict(quant_method="mxfp4", modules_to_not_convert=["model.layers.*.self_attn", "model.layers.*.mlp.router", "model.embed_tokens", "lm_head"])


def variants():
    c = hf
    yield "llama-linear", c.LlamaConfig(**LLAMA, rope_parameters=rope("linear", factor=4.0))
    yield "llama-dynamic", c.LlamaConfig(**LLAMA, rope_parameters=rope("dynamic", factor=4.0))
    yield "llama-yarn", c.LlamaConfig(**LLAMA, rope_parameters=rope("yarn", factor=4.0, original_max_position_embeddings=256))
    yield "llama-yarn-betas", c.LlamaConfig(**LLAMA, rope_parameters=rope(
        "yarn", factor=8.0, original_max_position_embeddings=128, beta_fast=16.0, beta_slow=2.0, attention_factor=0.7, truncate=False))
    yield "llama-yarn-mscale", c.LlamaConfig(**LLAMA, rope_parameters=rope(
        "yarn", factor=4.0, original_max_position_embeddings=256, mscale=1.3, mscale_all_dim=0.7))
    yield "llama-longrope", c.LlamaConfig(**LLAMA, rope_parameters=rope("longrope", factor=4.0, **LONG))
    yield "mistral-window", c.MistralConfig(**LLAMA, sliding_window=48)
    yield "qwen2-window", c.Qwen2Config(**SIZES, use_sliding_window=True, sliding_window=32, max_window_layers=2)
    yield "qwen2-no-layer-slides", c.Qwen2Config(**SIZES, use_sliding_window=True, sliding_window=32, max_window_layers=4)
    yield "qwen3", c.Qwen3Config(**LLAMA)
    yield "qwen3-window", c.Qwen3Config(**LLAMA, use_sliding_window=True, sliding_window=32, max_window_layers=1, tie_word_embeddings=True, attention_bias=True)
    yield "gemma", c.GemmaConfig(**LLAMA)
    yield "gemma2", c.Gemma2Config(**LLAMA, sliding_window=32, query_pre_attn_scalar=13, attn_logit_softcapping=5.0, final_logit_softcapping=3.0)
    yield "gemma3", c.Gemma3TextConfig(**dict(LLAMA, num_hidden_layers=7), sliding_window=32, query_pre_attn_scalar=13, rope_parameters={
        "full_attention": rope("linear", factor=8.0, theta=1000000.0), "sliding_attention": rope("default")})
    yield "gemma3-multimodal", c.Gemma3Config(text_config=c.Gemma3TextConfig(**LLAMA, sliding_window=32), vision_config=c.SiglipVisionConfig(**VISION), mm_tokens_per_image=4)
    yield "gemma3-defaults", c.Gemma3Config(text_config=c.Gemma3TextConfig(vocab_size=61, hidden_size=8, num_hidden_layers=4, intermediate_size=40, sliding_window_pattern=2, bos_token_id=0, eos_token_id=0), vision_config=c.SiglipVisionConfig(**VISION), mm_tokens_per_image=4)
    yield "phi3", c.Phi3Config(**SIZES)
    yield "phi3-window", c.Phi3Config(**SIZES, sliding_window=48)
    yield "phi3-longrope", c.Phi3Config(**SIZES, original_max_position_embeddings=256, rope_parameters=rope("longrope", **LONG))
    yield "phi4-mini", c.Phi3Config(**SIZES, original_max_position_embeddings=256, tie_word_embeddings=True,
                                    rope_parameters=rope("longrope", partial_rotary_factor=0.75, **PARTIAL_LONG))
    yield "olmo", c.OlmoConfig(**SIZES, clip_qkv=0.9)
    yield "olmo2", c.Olmo2Config(**SIZES)
    yield "olmo3", c.Olmo3Config(**SIZES, sliding_window=32, rope_parameters={
        "full_attention": rope("yarn", theta=500000.0, factor=4.0, original_max_position_embeddings=256),
        "sliding_attention": rope("default", theta=500000.0)})
    yield "smollm3", c.SmolLM3Config(**SIZES)
    yield "granite", c.GraniteConfig(**SIZES, embedding_multiplier=3.0, attention_multiplier=0.3, residual_multiplier=0.4, logits_scaling=2.0)
    yield "gpt-neox", c.GPTNeoXConfig(**WITHOUT_SHARERS, rope_parameters=rope("default", partial_rotary_factor=0.5))
    yield "gpt-neox-serial", c.GPTNeoXConfig(**WITHOUT_SHARERS, use_parallel_residual=False, attention_bias=False,
                                             rope_parameters=rope("default", partial_rotary_factor=0.25), hidden_act="gelu_fast")
    yield "opt", c.OPTConfig(vocab_size=61, hidden_size=32, word_embed_proj_dim=32, num_hidden_layers=3, num_attention_heads=4, ffn_dim=40, max_position_embeddings=1024, bos_token_id=0, eos_token_id=0, pad_token_id=1)
    yield "gpt-j", c.GPTJConfig(vocab_size=61, n_embd=32, n_layer=3, n_head=4, rotary_dim=4, n_positions=1024, bos_token_id=0, eos_token_id=0)
    yield "gpt-neo", c.GPTNeoConfig(vocab_size=61, hidden_size=32, num_layers=4, num_heads=4, attention_types=[[["global", "local"], 2]], window_size=32, max_position_embeddings=1024, bos_token_id=0, eos_token_id=0)
    yield "gpt2-flags", c.GPT2Config(vocab_size=61, n_embd=32, n_layer=3, n_head=4, n_positions=1024, scale_attn_by_inverse_layer_idx=True, activation_function="relu", bos_token_id=0, eos_token_id=0)
    yield "gpt2-unscaled", c.GPT2Config(vocab_size=61, n_embd=32, n_layer=3, n_head=4, n_positions=1024, scale_attn_weights=False, activation_function="gelu", tie_word_embeddings=False, bos_token_id=0, eos_token_id=0)
    yield "stablelm", c.StableLmConfig(**SIZES, rope_parameters=rope("default", partial_rotary_factor=0.5), use_qkv_bias=True)
    yield "stablelm-parallel", c.StableLmConfig(**SIZES, rope_parameters=rope("default", partial_rotary_factor=0.25), use_parallel_residual=True, qk_layernorm=True)
    yield "starcoder2", c.Starcoder2Config(**SIZES, sliding_window=48)
    yield "falcon", c.FalconConfig(**{k: v for k, v in WITHOUT_SHARERS.items() if k != "intermediate_size"}, new_decoder_architecture=False, multi_query=True, parallel_attn=True, bias=False, alibi=False)
    yield "falcon-new", c.FalconConfig(**{k: v for k, v in WITHOUT_SHARERS.items() if k != "intermediate_size"}, new_decoder_architecture=True, num_kv_heads=2, bias=False, alibi=False)
    yield "falcon-serial", c.FalconConfig(**{k: v for k, v in WITHOUT_SHARERS.items() if k != "intermediate_size"}, new_decoder_architecture=False, multi_query=False, parallel_attn=False, bias=True, alibi=False)
    yield "cohere", c.CohereConfig(**SIZES, logit_scale=0.3, use_qk_norm=True)
    yield "cohere2", c.Cohere2Config(**SIZES, logit_scale=0.3, sliding_window=32)
    yield "phi", c.PhiConfig(**SIZES, rope_parameters=rope("default", partial_rotary_factor=0.5))
    yield "exaone4", c.Exaone4Config(**SIZES, sliding_window=32, sliding_window_pattern=4)
    yield "ernie4-5", c.Ernie4_5Config(**LLAMA, use_bias=True)
    yield "seed-oss", c.SeedOssConfig(**LLAMA)
    yield "helium", c.HeliumConfig(**LLAMA)
    yield "ministral", c.MinistralConfig(**LLAMA, sliding_window=32)
    yield "exaone4-full", c.Exaone4Config(**SIZES, sliding_window=None, layer_types=["full_attention"] * 4)
    yield "mistral3", c.Mistral3Config(text_config=c.MistralConfig(**LLAMA, sliding_window=None), vision_config=c.PixtralVisionConfig(**{k: v for k, v in VISION.items() if k != "num_attention_heads"}, num_attention_heads=2, head_dim=8))
    moe = dict(num_experts=6, num_experts_per_tok=2, moe_intermediate_size=24)
    yield "mixtral", c.MixtralConfig(**SIZES, num_local_experts=5, num_experts_per_tok=2)
    yield "mixtral-window", c.MixtralConfig(**LLAMA, num_local_experts=4, num_experts_per_tok=3, sliding_window=48)
    yield "qwen3-moe", c.Qwen3MoeConfig(**LLAMA, **moe, norm_topk_prob=True)
    yield "qwen3-moe-mixed", c.Qwen3MoeConfig(**SIZES, **moe, decoder_sparse_step=2, attention_bias=True, tie_word_embeddings=True)
    yield "qwen3-moe-window", c.Qwen3MoeConfig(**LLAMA, **moe, mlp_only_layers=[0, 2], use_sliding_window=True, sliding_window=32)
    yield "qwen2-moe", c.Qwen2MoeConfig(**SIZES, **moe, shared_expert_intermediate_size=20)
    yield "qwen2-moe-mixed", c.Qwen2MoeConfig(**SIZES, **moe, shared_expert_intermediate_size=56, norm_topk_prob=True, decoder_sparse_step=2, qkv_bias=False)
    yield "qwen2-moe-window", c.Qwen2MoeConfig(**SIZES, **moe, shared_expert_intermediate_size=20, mlp_only_layers=[1], use_sliding_window=True, sliding_window=32, max_window_layers=3)
    yield "olmoe", c.OlmoeConfig(**SIZES, num_experts=6, num_experts_per_tok=3)
    yield "olmoe-clip", c.OlmoeConfig(**SIZES, num_experts=5, num_experts_per_tok=2, norm_topk_prob=True, clip_qkv=0.7, attention_bias=True)
    yield "bloom", c.BloomConfig(vocab_size=61, hidden_size=32, n_layer=3, n_head=4, bos_token_id=0, eos_token_id=0, pad_token_id=0)
    yield "bloom-six-heads", c.BloomConfig(vocab_size=61, hidden_size=36, n_layer=3, n_head=6, bos_token_id=0, eos_token_id=0, pad_token_id=0, tie_word_embeddings=False)
    yield "mpt", c.MptConfig(vocab_size=61, d_model=32, n_heads=4, n_layers=3, max_seq_len=1024)
    yield "mpt-clip", c.MptConfig(vocab_size=61, d_model=40, n_heads=5, n_layers=3, max_seq_len=1024, attn_config=dict(clip_qkv=0.7, softmax_scale=0.4))
    falcon = {k: v for k, v in WITHOUT_SHARERS.items() if k != "intermediate_size"}
    yield "falcon-alibi", c.FalconConfig(**falcon, new_decoder_architecture=False, multi_query=False, parallel_attn=False, bias=True, alibi=True)
    yield "falcon-alibi-new", c.FalconConfig(**dict(falcon, hidden_size=48, num_attention_heads=6), new_decoder_architecture=True, num_kv_heads=2, bias=False, alibi=True)
    yield "glm", c.GlmConfig(**LLAMA, rope_parameters=rope("default", partial_rotary_factor=0.5))
    yield "glm4", c.Glm4Config(**LLAMA, rope_parameters=rope("default", partial_rotary_factor=0.5))
    yield "nemotron", c.NemotronConfig(**LLAMA, rope_parameters=rope("default", partial_rotary_factor=0.5))
    yield "internlm3", c.LlamaConfig(**LLAMA, attention_bias=True, mlp_bias=True, rope_parameters=rope("dynamic", factor=6.0, theta=50000.0))
    yield "internlm3-biased", c.LlamaConfig(**dict(LLAMA, head_dim=16), attention_bias=True, mlp_bias=True, tie_word_embeddings=True)
    yield "exaone", c.LlamaConfig(**SIZES, rms_norm_eps=0.01, rope_parameters=rope(
        "llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=64))
    yield "exaone-tied", c.LlamaConfig(**WITHOUT_SHARERS, hidden_act="gelu", tie_word_embeddings=True)
    yield "arcee", c.ArceeConfig(**LLAMA)
    yield "olmo", c.OlmoConfig(**SIZES)
    yield "olmo-clip", c.OlmoConfig(**SIZES, clip_qkv=0.7, attention_bias=True, tie_word_embeddings=True)
    yield "cwm", c.CwmConfig(**LLAMA, sliding_window=32)
    net = dict(linear_num_key_heads=2, linear_num_value_heads=4, linear_key_head_dim=8, linear_value_head_dim=12)
    hybrid = dict(SIZES, head_dim=16)
    yield "qwen3-5", c.Qwen3_5TextConfig(**hybrid, **net)
    yield "qwen3-5-mixed", c.Qwen3_5TextConfig(**hybrid, **dict(net, linear_num_key_heads=3, linear_num_value_heads=3, linear_conv_kernel_dim=2), attention_bias=True,
                                               tie_word_embeddings=True, layer_types=["full_attention", "linear_attention", "linear_attention", "full_attention"])
    vision = dict(depth=1, hidden_size=16, intermediate_size=16, num_heads=2, patch_size=4, out_hidden_size=32, num_position_embeddings=16)
    yield "qwen3-5-multimodal", c.Qwen3_5Config(text_config=c.Qwen3_5TextConfig(**hybrid, **net), vision_config=vision)
    sparse = dict(moe, shared_expert_intermediate_size=20)
    yield "qwen3-5-moe", c.Qwen3_5MoeTextConfig(**{k: v for k, v in hybrid.items() if k != "intermediate_size"}, **net, **sparse)
    yield "qwen3-5-moe-stacked", c.Qwen3_5MoeTextConfig(**{k: v for k, v in hybrid.items() if k != "intermediate_size"}, **net, **sparse)
    yield "qwen3-5-moe-multimodal", c.Qwen3_5MoeConfig(text_config=c.Qwen3_5MoeTextConfig(**{k: v for k, v in hybrid.items() if k != "intermediate_size"}, **net, **sparse),
                                                       vision_config=vision)
    yield "qwen3-moe-stacked", c.Qwen3MoeConfig(**LLAMA, **moe, norm_topk_prob=True)
    yield "qwen3-next", c.Qwen3NextConfig(**hybrid, **net, **sparse)
    yield "qwen3-next-mixed", c.Qwen3NextConfig(**hybrid, **net, **sparse, mlp_only_layers=[1], decoder_sparse_step=2, norm_topk_prob=False)
    yield "hunyuan", c.HunYuanDenseV1Config(**LLAMA)
    yield "hunyuan-alpha", c.HunYuanDenseV1Config(**dict(LLAMA, head_dim=16), attention_bias=True, tie_word_embeddings=True, rope_parameters=rope(
        "dynamic", alpha=50.0, factor=1.0, beta_fast=32, beta_slow=1, mscale=1.0, mscale_all_dim=1.0))
    yield "apertus", c.ApertusConfig(**SIZES)
    yield "apertus-biased", c.ApertusConfig(**WITHOUT_SHARERS, attention_bias=True, tie_word_embeddings=True, rope_parameters=rope("default"))
    code = dict(vocab_size=61, n_embd=32, n_layer=3, n_head=4, n_positions=1024, bos_token_id=0, eos_token_id=0)
    yield "gpt-bigcode", c.GPTBigCodeConfig(**code)
    yield "gpt-bigcode-many", c.GPTBigCodeConfig(**code, multi_query=False, n_inner=48, scale_attn_weights=False, activation_function="gelu", tie_word_embeddings=False)
    yield "codegen", c.CodeGenConfig(**dict(code, n_head=8, n_embd=64), rotary_dim=4)
    yield "vaultgemma", c.VaultGemmaConfig(**LLAMA, sliding_window=32, query_pre_attn_scalar=13, attn_logit_softcapping=5.0, final_logit_softcapping=3.0)
    granite = dict(SIZES, embedding_multiplier=3.0, attention_multiplier=0.3, residual_multiplier=0.4, logits_scaling=2.0)
    yield "granite-moe", c.GraniteMoeConfig(**granite, num_local_experts=5, num_experts_per_tok=2)
    full = dict(granite, layer_types=["full_attention"] * 4, shared_intermediate_size=24, mamba_n_heads=4)
    yield "granite-hybrid-dense", c.GraniteMoeHybridConfig(**full, num_local_experts=0, num_experts_per_tok=0, position_embedding_type="rope", tie_word_embeddings=True)
    yield "granite-hybrid-moe", c.GraniteMoeHybridConfig(**full, num_local_experts=5, num_experts_per_tok=2)
    grouped = dict(moe_intermediate_size=24, n_routed_experts=8, num_experts_per_tok=3, n_shared_experts=2, routed_scaling_factor=1.7)
    yield "glm4-moe", c.Glm4MoeConfig(**LLAMA, **grouped, use_qk_norm=True, attention_bias=True)
    yield "glm4-moe-groups", c.Glm4MoeConfig(**SIZES, **grouped, n_group=4, topk_group=2, norm_topk_prob=False, first_k_dense_replace=2)
    yield "dots1", c.Dots1Config(**LLAMA, **grouped, norm_topk_prob=True, first_k_dense_replace=1)
    yield "dots1-window", c.Dots1Config(**LLAMA, **grouped, n_group=2, topk_group=1, sliding_window=32, max_window_layers=2, attention_bias=True)
    mixed = dict(SIZES, num_local_experts=6)
    yield "phimoe", c.PhimoeConfig(**mixed, attention_bias=True, lm_head_bias=True, rope_parameters=rope(
        "longrope", short_mscale=1.2, long_mscale=1.3, **LONG))
    yield "phimoe-plain", c.PhimoeConfig(**mixed, router_jitter_noise=0.2)
    ernie = dict(LLAMA, moe_intermediate_size=24, moe_num_experts=6, moe_k=2)
    yield "ernie4-5-moe", c.Ernie4_5_MoeConfig(**ernie, use_bias=True, moe_num_shared_experts=2)
    yield "ernie4-5-moe-some", c.Ernie4_5_MoeConfig(**ernie, moe_num_shared_experts=0, moe_layer_interval=2, moe_layer_end_index=2, tie_word_embeddings=False)
    oss = dict(LLAMA, num_local_experts=5, num_experts_per_tok=2, sliding_window=32)
    stretched = dict(theta=150000.0, factor=4.0, original_max_position_embeddings=256, beta_fast=32.0, beta_slow=1.0, truncate=False)
    yield "gpt-oss", c.GptOssConfig(**oss, rope_parameters=rope("yarn", **stretched))
    yield "gpt-oss-clamped", c.GptOssConfig(**dict(oss, num_experts_per_tok=3), attention_bias=False, tie_word_embeddings=True, swiglu_limit=0.4, swiglu_alpha=2.5,
                                            layer_types=["full_attention", "full_attention", "sliding_attention", "full_attention"], rope_parameters=rope("default"))
    yield "gpt-oss-mxfp4", c.GptOssConfig(**dict(oss, hidden_size=64, intermediate_size=96), rope_parameters=rope("yarn", **stretched), quantization_config=MXFP4)


# Keys that are taken out of what transformers writes, since it fills them in itself.
LEFT_OUT = {"gemma3-defaults": ["num_attention_heads", "num_key_value_heads", "head_dim", "max_position_embeddings", "sliding_window", "rms_norm_eps",
                                "hidden_activation", "query_pre_attn_scalar", "rope_parameters", "attention_bias", "_sliding_window_pattern"]}


# Models whose code comes with them, and which transformers computes as a Llama under other names; see renamed_models.py.
RENAMED = {
    "internlm3": renamed_models.InternLm3(qkv_bias=True, bias=False), "internlm3-biased": renamed_models.InternLm3(qkv_bias=False, bias=True),
    "exaone": renamed_models.Exaone(), "exaone-tied": renamed_models.Exaone(),
}


def mix(values):
    z = values + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def values(name, shape):
    count = int(np.prod(shape))
    start = np.uint64(zlib.crc32(name.encode()) << 32)
    mixed = mix(start + np.arange(count, dtype=np.uint64))
    if name.endswith("_blocks"):
        return (mixed >> np.uint64(56)).astype(np.uint8).reshape(shape)
    if name.endswith("_scales"):
        return (np.uint64(121) + (mixed >> np.uint64(62))).astype(np.uint8).reshape(shape)
    uniform = (mixed >> np.uint64(40)).astype(np.float64) * 2.0 ** -24
    if name.endswith("A_log"):
        return (8 * uniform - 6).astype(np.float32).reshape(shape)
    norm = len(shape) == 1 and name.endswith("weight")
    return (0.6 * uniform - 0.3 + (1 if norm else 0)).astype(np.float32).reshape(shape)


WITH_IMAGES = {"gemma3": "Gemma3ForConditionalGeneration", "mistral3": "Mistral3ForConditionalGeneration",
               "qwen3_5": "Qwen3_5ForConditionalGeneration", "qwen3_5_moe": "Qwen3_5MoeForConditionalGeneration"}


def model_class(config):
    return getattr(hf, WITH_IMAGES.get(config.model_type, "AutoModelForCausalLM"))


def packed(shapes):
    """The shapes of the tensors that MXFP4 stores instead: 16 bytes and a scale for each 32 values of a column."""
    changed = {}
    for name, shape in shapes.items():
        if name.endswith(("gate_up_proj", "down_proj")):
            experts, inputs, outputs = shape
            changed[name + "_blocks"] = [experts, outputs, inputs // 32, 16]
            changed[name + "_scales"] = [experts, outputs, inputs // 32]
        else:
            changed[name] = shape
    return changed


def stacked(shapes):
    """The shapes of the tensors where all experts of a layer lie in two, as published files of some models have them."""
    changed = {}
    for name, shape in shapes.items():
        expert = re.fullmatch(r"(.*\.experts\.)(\d+)\.(gate|up|down)_proj\.weight", name)
        if not expert:
            changed[name] = shape
            continue
        down = expert.group(3) == "down"
        whole = expert.group(1) + ("down_proj" if down else "gate_up_proj")
        changed[whole] = [int(expert.group(2)) + 1, shape[0] * (1 if down else 2), shape[1]]
    return changed


def create(config):
    kind = model_class(config)
    return kind(config) if config.model_type in WITH_IMAGES else kind.from_config(config)


def attention_of(config):
    """Falcon's eager attention adds its biases twice."""
    return "sdpa" if getattr(config, "alibi", False) else "eager"


def log_probabilities(directory):
    config = hf.AutoConfig.from_pretrained(directory)
    model = model_class(config).from_pretrained(directory, dtype=torch.float32, attn_implementation=attention_of(config)).eval()
    rows = []
    with torch.no_grad():
        for length in LENGTHS:
            logits = model(torch.tensor([TEXT[:length]]), use_cache=False).logits[0, -1]
            rows.append(torch.log_softmax(logits.double(), -1).tolist())
    return rows


def legacy(config):
    """The same configuration in the words of transformers 4.57."""
    old = copy.deepcopy(config)
    text = old.get("text_config", old)
    text["torch_dtype"] = text.pop("dtype", "float32")
    text["transformers_version"] = "4.57.1"
    if text["model_type"] == "qwen3_moe":
        text["num_experts"] = text.pop("num_local_experts")
    parameters = text.pop("rope_parameters", None)
    if parameters is None:
        return old
    if "full_attention" in parameters:
        if "gemma3" in text["model_type"]:
            text["rope_local_base_freq"] = parameters["sliding_attention"]["rope_theta"]
        parameters = parameters["full_attention"]
    theta = parameters.pop("rope_theta")
    text["rotary_emb_base" if config["model_type"] == "gpt_neox" else "rope_theta"] = theta
    share = parameters.pop("partial_rotary_factor", None)
    if share is not None:
        text["rotary_pct" if config["model_type"] == "gpt_neox" else "partial_rotary_factor"] = share
    text["rope_scaling"] = None if parameters["rope_type"] == "default" else parameters
    return old


def written(directory, left_out, added):
    """The configuration that lies there, after some keys are taken out and others are put in."""
    file = pathlib.Path(directory, "config.json")
    config = json.loads(file.read_text())
    text = config.get("text_config", config)
    for key in left_out:
        del text[key]
    config.update(added)
    file.write_text(json.dumps(config))
    return config


def record(name, config):
    quantization = getattr(config, "quantization_config", None)
    if quantization:
        del config.quantization_config
    with tempfile.TemporaryDirectory() as directory:
        create(config).save_pretrained(directory)
        file = pathlib.Path(directory, "model.safetensors")
        with safe_open(file, "np") as stored:
            shapes = {tensor: list(stored.get_slice(tensor).get_shape()) for tensor in sorted(stored.keys())}
        if quantization:
            shapes = packed(shapes)
        if name.endswith("-stacked"):
            shapes = stacked(shapes)
        names = RENAMED.get(name, renamed_models.AsTheyAre())
        stored = {tensor: values(names.tensor(tensor), shape) if names.tensor(tensor) else np.zeros(shape, np.float32)
                  for tensor, shape in shapes.items()}
        save_file(stored, file, metadata={"format": "pt"})
        given = written(directory, LEFT_OUT.get(name, []), {"quantization_config": quantization} if quantization else {})
        expected = log_probabilities(directory)
        recording = {"config": given, "tensors": shapes, "text": TEXT, "lengths": LENGTHS,
                     "logp": [[round(v, 6) for v in row] for row in expected]}
        old = legacy(given)
        if name in RENAMED:
            recording["config"] = names.config(old)
            recording["tensors"] = {names.tensor(tensor): shape for tensor, shape in shapes.items() if names.tensor(tensor)}
            return recording
        pathlib.Path(directory, "config.json").write_text(json.dumps(old))
        try:
            again = log_probabilities(directory)
            if np.abs(np.array(again) - np.array(expected)).max() < 1e-5:
                recording["legacy"] = old
            else:
                print("  the legacy configuration gives other numbers; it is left out", flush=True)
        except Exception as e:
            print("  the legacy configuration does not load:", type(e).__name__, str(e)[:100], flush=True)
        return recording


def main():
    target = pathlib.Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[2:]
    known = iter(variants())
    while True:
        try:
            name, config = next(known)
        except StopIteration:
            break
        if wanted and name not in wanted:
            continue
        try:
            recording = record(name, config)
        except Exception as e:
            print(name, "FAILED", type(e).__name__, str(e)[:300], flush=True)
            continue
        (target / (name + ".json")).write_text(json.dumps(recording, separators=(",", ":")) + "\n")
        print(name, flush=True)


if __name__ == "__main__":
    main()
