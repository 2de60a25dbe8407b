"""Records which byte comes next by models of random_models.py, by enumeration of all tokenizations.

    python3 byte_distributions.py ../resources/random-models/families ../resources/random-models/bytes.json

Needs what random_models.py needs. The recording holds a byte-level tokenizer ("tokenizer", as tokenizer.json) and for each
model, by the name of its recording, for each prefix (hex) the log-probabilities (nats) of bytes, by the byte in hex. A byte's
probability is the sum over all token sequences that spell the prefix and then the byte, of which only the last token may go
on; token 0 begins the context.
"""
import json
import math
import pathlib
import sys
import tempfile

import torch
import transformers as hf
from safetensors.numpy import save_file

import random_models

MODELS = ["llama-linear", "gpt-neox", "gemma3", "qwen3"]
PREFIXES = ["", "t", "the", "the an", "hand in", " the ", "an\u00c3".encode("latin-1"), "caf\u00e9", "andthe", "in the end", "he."]
CHARACTERS = list("abcdefghijklmnopqrstuvwxyz") + ["\u0120", ".", ",", "\u00c3", "\u00a9"]
MERGES = ["t h", "th e", "h e", "a n", "an d", "i n", "e r", "\u0120 t", "\u0120t h", "\u0120t he", "\u0120 a", "\u0120a n", "\u0120an d", "\u0120 i", "\u0120i n",
          "\u00c3 \u00a9", "f \u00c3\u00a9", "o r", "f or", "r e", "e n", "en d", "o u", "s t", "n d", "e d", "a t", "i s", "\u0120 \u0120"]


def tokenizer():
    tokens = ["<s>"] + CHARACTERS + ["".join(merge.split(" ")) for merge in MERGES]
    assert len(tokens) == len(set(tokens)) == random_models.SIZES["vocab_size"], len(tokens)
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    return {"version": "1.0", "truncation": None, "padding": None,
            "added_tokens": [{"id": 0, "content": "<s>", "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}],
            "normalizer": None, "pre_tokenizer": level, "post_processor": None, "decoder": level,
            "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None,
                      "fuse_unk": False, "byte_fallback": False, "vocab": {t: i for i, t in enumerate(tokens)}, "merges": MERGES}}


def bytes_of(token):
    return token.replace("\u0120", " ").encode("latin-1")


class Model:
    def __init__(self, recording):
        with tempfile.TemporaryDirectory() as directory:
            pathlib.Path(directory, "config.json").write_text(json.dumps(recording["config"]))
            save_file({k: random_models.values(k, s) for k, s in recording["tensors"].items()},
                      pathlib.Path(directory, "model.safetensors"), metadata={"format": "pt"})
            self.model = hf.AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32, attn_implementation="eager").eval()
        self.rows = {}

    def log_probabilities(self, context):
        if context not in self.rows:
            with torch.no_grad():
                logits = self.model(torch.tensor([context]), use_cache=False).logits[0, -1]
            self.rows[context] = torch.log_softmax(logits.double(), -1).tolist()
        return self.rows[context]


def next_bytes(model, tokens, prefix):
    """Sums over contexts that spell a beginning of the prefix; the next token has to go beyond its end."""
    masses = {}
    stack = [((0,), 0, 0.0)]
    while stack:
        context, spelled, weight = stack.pop()
        rest = prefix[spelled:]
        for token, logp in enumerate(model.log_probabilities(context)):
            text = tokens[token]
            if len(text) > len(rest) and text.startswith(rest):
                byte = text[len(rest)]
                masses[byte] = masses.get(byte, 0.0) + math.exp(weight + logp)
            elif rest.startswith(text):
                stack.append((context + (token,), spelled + len(text), weight + logp))
    total = sum(masses.values())
    return {"%02x" % byte: round(math.log(mass / total), 5) for byte, mass in sorted(masses.items())}


def main():
    hf.logging.disable_progress_bar()
    torch.set_num_threads(1)
    known = tokenizer()
    tokens = [bytes_of(token) for token in known["model"]["vocab"]]
    models = {}
    for name in MODELS:
        model = Model(json.loads(pathlib.Path(sys.argv[1], name + ".json").read_text()))
        prefixes = [prefix if isinstance(prefix, bytes) else prefix.encode() for prefix in PREFIXES]
        models[name] = {prefix.hex(): next_bytes(model, tokens, prefix) for prefix in prefixes}
        print(name, len(model.rows), "contexts", flush=True)
    pathlib.Path(sys.argv[2]).write_text(json.dumps({"tokenizer": known, "models": models}, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
