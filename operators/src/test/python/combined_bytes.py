"""Records what genlm-control's product of two byte-level models expects, whose tokenizers differ.

    python3 combined_bytes.py ../resources/conformance ../resources/combined/product.jsonl

Needs genlm-control 0.4.1 and genlm-bytes 0.2 (pip install genlm-control genlm-bytes). The token model is the portable one that
resources/conformance/README.md describes, over the vocabularies english and gappy there. A line is a prefix: "prefix" (hex),
"prune_threshold", "k" and "eos" (hex, a token of both vocabularies that ends a text, or null), then natural logs of 257
weights, the 256 bytes and the end: "english" and "gappy" of each model, "product" of ByteLLM * ByteLLM, which is not
normalized. null is minus infinity.
"""
import asyncio
import json
import math
import pathlib
import sys

import numpy as np
import torch
from genlm.backend.tokenization import Token
from genlm.bytes import BeamParams
from genlm.control import ByteLLM

MASK = (1 << 64) - 1
PREFIXES = [b"", b"a", b"he", b"hello", b"hello wor", b"hello world", b"abcd", b"ello", b"bcxyz", b"hexabo"]
SETTINGS = [(10_000, 0.0, None), (10_000, 0.0, b"ll"), (5, 0.001, None), (3, 0.05, None)]


def mix(value):
    z = (value + 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


class Portable:
    """As much of an AsyncLM as a byte beam asks for."""

    def __init__(self, recording):
        self.byte_vocab = [Token(i, bytes.fromhex(t)) for i, t in enumerate(recording["tokens"])]
        self.tokenizer = type("Tokenizer", (), {"bos_token_id": recording["bos"]})()

    async def next_token_logprobs(self, context):
        state = 0x5EEDB17E
        for token in context:
            state = mix(state ^ (token + 1))
        logits = np.array([12.0 * (mix(state ^ mix(i + 1)) >> 11) * 2.0**-53 for i in range(len(self.byte_vocab))])
        log_sum = math.log(np.exp(logits).sum())
        return torch.tensor((logits - log_sum).astype(np.float32))


def numbers(weights):
    return [None if w == -math.inf else round(float(w), 5) for w in np.asarray(weights.weights, dtype=float)]


async def record(directory, out):
    vocabularies = {n: json.loads(pathlib.Path(directory, f"vocab-{n}.json").read_text()) for n in ("english", "gappy")}
    for k, threshold, eos in SETTINGS:
        held = [t for v in vocabularies.values() for t in v["tokens"] if eos and t == eos.hex()]
        if eos and len(held) < 2:
            continue
        params = BeamParams(K=k, prune_threshold=threshold, eos_byte_strings=[eos] if eos else None)
        english, gappy = (ByteLLM(Portable(v), params) for v in vocabularies.values())
        for prefix in PREFIXES:
            context = [bytes([b]) for b in prefix]
            try:
                line = {"prefix": prefix.hex(), "k": k, "prune_threshold": threshold, "eos": eos.hex() if eos else None}
                line["english"] = numbers(await english.logw_next(context))
                line["gappy"] = numbers(await gappy.logw_next(context))
                line["product"] = numbers(await (english * gappy).logw_next(context))
            except ValueError as empty:  # the beam of one of them runs dry
                print(prefix, k, threshold, str(empty)[:60], file=sys.stderr)
                continue
            out.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[2])
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w") as out:
        asyncio.run(record(sys.argv[1], out))
