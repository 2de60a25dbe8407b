"""Families that are published with code of their own, and compute what Llama computes.

Each class says what the configuration of such a Llama, in the words of transformers 4, and its tensors are called there. A
tensor without a name does not exist there: its values are zero. The other way, "llama" makes a Llama's configuration of one of
theirs: keys that their code does not read are left out of it, and where no Llama computes the same, or their code fails, there is
an error.
"""


class AsTheyAre:
    def tensor(self, name):
        return name


OF_LLAMA_ALONE = ["attention_bias", "mlp_bias", "pretraining_tp"]


def without(config, *keys):
    return {key: value for key, value in config.items() if key not in keys}


class InternLm3:
    """Llama's names. One key is for the biases of queries, keys and values, and one for all others."""

    model_type = "internlm3"

    @classmethod
    def of(cls, config):
        return cls(bool(config.get("qkv_bias", False)), bool(config.get("bias", False)))

    def llama(self, config):
        renamed = without(config, "auto_map", "qkv_bias", "bias", *OF_LLAMA_ALONE)
        return {"num_key_value_heads": 32, "max_position_embeddings": 32768, **renamed, "architectures": ["LlamaForCausalLM"], "model_type": "llama",
                "attention_bias": self.qkv_bias or self.bias, "mlp_bias": self.bias}

    def __init__(self, qkv_bias, bias):
        self.qkv_bias = qkv_bias
        self.bias = bias

    def tensor(self, name):
        if not name.endswith(".bias"):
            return name
        is_input = any(part in name for part in ["q_proj", "k_proj", "v_proj"])
        return name if (self.qkv_bias if is_input else self.bias) else None

    def config(self, llama):
        return without(llama, *OF_LLAMA_ALONE) | {
            "architectures": ["InternLM3ForCausalLM"],
            "auto_map": {"AutoConfig": "configuration_internlm3.InternLM3Config", "AutoModelForCausalLM": "modeling_internlm3.InternLM3ForCausalLM"},
            "model_type": "internlm3", "qkv_bias": self.qkv_bias, "bias": self.bias}


class Exaone:
    model_type = "exaone"
    KEYS = {"num_hidden_layers": "num_layers", "rms_norm_eps": "layer_norm_epsilon", "hidden_act": "activation_function"}
    PARTS = {"model.": "transformer.", "layers.": "h.", "embed_tokens": "wte", "input_layernorm": "ln_1", "post_attention_layernorm": "ln_2",
             "self_attn.": "attn.attention.", "o_proj": "out_proj", "gate_proj": "c_fc_0", "up_proj": "c_fc_1", "down_proj": "c_proj"}

    @classmethod
    def of(cls, config):
        return cls()

    def llama(self, config):
        renamed = without(config, "auto_map", "hidden_act", "rms_norm_eps", "num_layers", *OF_LLAMA_ALONE)
        for key, of_exaone in self.KEYS.items():
            if of_exaone in renamed:
                renamed[key] = renamed.pop(of_exaone)
        if "num_layers" in config:
            renamed.setdefault("num_hidden_layers", config["num_layers"])
        hidden, heads = config.get("hidden_size", 2048), config.get("num_attention_heads", 32)
        if config.get("head_dim", hidden // heads) != hidden // heads:
            raise ValueError("turns heads of another width than they have")
        if not config.get("intermediate_size"):
            renamed["intermediate_size"] = 4 * hidden
        defaults = {"rms_norm_eps": 1e-5, "num_hidden_layers": 32, "tie_word_embeddings": True, "vocab_size": 102400, "hidden_size": 2048}
        return defaults | renamed | {"architectures": ["LlamaForCausalLM"], "model_type": "llama"}

    def tensor(self, name):
        if name == "model.norm.weight":
            return "transformer.ln_f.weight"
        for part, renamed in self.PARTS.items():
            name = name.replace(part, renamed)
        return name

    def config(self, llama):
        return {self.KEYS.get(key, key): value for key, value in without(llama, *OF_LLAMA_ALONE).items()} | {
            "architectures": ["ExaoneForCausalLM"], "embed_dropout": 0.0,
            "auto_map": {"AutoConfig": "configuration_exaone.ExaoneConfig", "AutoModelForCausalLM": "modeling_exaone.ExaoneForCausalLM"},
            "model_type": "exaone"}
