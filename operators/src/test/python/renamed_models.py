"""Families that are published with code of their own, and compute what Llama computes.

Each class says what the configuration of such a Llama, in the words of transformers 4, and its tensors are called there. A
tensor without a name does not exist there: its values are zero.
"""


class AsTheyAre:
    def tensor(self, name):
        return name


class InternLm3:
    """Llama's names. One key is for the biases of queries, keys and values, and one for all others."""

    def __init__(self, qkv_bias, bias):
        self.qkv_bias = qkv_bias
        self.bias = bias

    def tensor(self, name):
        if not name.endswith(".bias"):
            return name
        is_input = any(part in name for part in ["q_proj", "k_proj", "v_proj"])
        return name if (self.qkv_bias if is_input else self.bias) else None

    def config(self, llama):
        left_out = ["attention_bias", "mlp_bias", "pretraining_tp"]
        return {key: value for key, value in llama.items() if key not in left_out} | {
            "architectures": ["InternLM3ForCausalLM"],
            "auto_map": {"AutoConfig": "configuration_internlm3.InternLM3Config", "AutoModelForCausalLM": "modeling_internlm3.InternLM3ForCausalLM"},
            "model_type": "internlm3", "qkv_bias": self.qkv_bias, "bias": self.bias}


class Exaone:
    KEYS = {"num_hidden_layers": "num_layers", "rms_norm_eps": "layer_norm_epsilon", "hidden_act": "activation_function"}
    PARTS = {"model.": "transformer.", "layers.": "h.", "embed_tokens": "wte", "input_layernorm": "ln_1", "post_attention_layernorm": "ln_2",
             "self_attn.": "attn.attention.", "o_proj": "out_proj", "gate_proj": "c_fc_0", "up_proj": "c_fc_1", "down_proj": "c_proj"}

    def tensor(self, name):
        if name == "model.norm.weight":
            return "transformer.ln_f.weight"
        for part, renamed in self.PARTS.items():
            name = name.replace(part, renamed)
        return name

    def config(self, llama):
        left_out = ["attention_bias", "mlp_bias", "pretraining_tp"]
        return {self.KEYS.get(key, key): value for key, value in llama.items() if key not in left_out} | {
            "architectures": ["ExaoneForCausalLM"], "embed_dropout": 0.0,
            "auto_map": {"AutoConfig": "configuration_exaone.ExaoneConfig", "AutoModelForCausalLM": "modeling_exaone.ExaoneForCausalLM"},
            "model_type": "exaone"}
