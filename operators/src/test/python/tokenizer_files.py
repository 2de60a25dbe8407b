"""Records which tokens Hugging Face transformers makes of the files of a tokenizer, for files drawn at random.

    python3 tokenizer_files.py ../resources/tokenizers/transformers-5.24.json

Needs transformers 5 and tokenizers; neither the build nor the tests do. A case names one of the two tokenizers ("base"), says
what of its tokenizer.json is replaced ("replaced") and what stands in the other files ("files", by name), and then what
transformers makes of it: its class, every token by its id ("S" a special one, "A" another added one, "P" a piece), the BOS
token's id, and whether it puts a space before a text.
"""
import json
import os
import pathlib
import random
import sys
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"

import transformers  # noqa: E402

SEED = 20261129
CASES = 200
ROWS = 64
BPE = dict(type="BPE", dropout=None, continuing_subword_prefix="", end_of_word_suffix="", ignore_merges=False)


def added(number, content, special):
    return dict(id=number, **token(content, special))


def token(content, special):
    return dict(content=content, special=special)


def whole(added_token):
    """With the properties that tokenizer.json has to have, and that change no token's bytes."""
    return dict(added_token, single_word=False, lstrip=False, rstrip=False, normalized=not added_token["special"])


def byte_level(prefix):
    return dict(type="ByteLevel", add_prefix_space=prefix, trim_offsets=True, use_regex=True)


def metaspace(scheme):
    return dict(type="Metaspace", replacement="▁", prepend_scheme=scheme, split=False)


LLAMA2 = dict(type="Sequence", normalizers=[
    dict(type="Prepend", prepend="▁"), dict(type="Replace", pattern=dict(String=" "), content="▁")])
BASES = {
    "byte-level": dict(
        version="1.0", truncation=None, padding=None, added_tokens=[added(0, "<|endoftext|>", True)], normalizer=None,
        pre_tokenizer=byte_level(False), post_processor=None, decoder=byte_level(True),
        model=dict(BPE, unk_token=None, fuse_unk=False, byte_fallback=False,
                   vocab={"<|endoftext|>": 0, "a": 1, "b": 2, "Ġ": 3, "Ġa": 4}, merges=[["Ġ", "a"]])),
    "sentence-piece": dict(
        version="1.0", truncation=None, padding=None,
        added_tokens=[added(0, "<unk>", True), added(1, "<s>", True), added(2, "</s>", True)], normalizer=None,
        pre_tokenizer=metaspace("first"), post_processor=None,
        decoder=dict(type="Sequence", decoders=[
            dict(type="Replace", pattern=dict(String="▁"), content=" "), dict(type="ByteFallback"), dict(type="Fuse")]),
        model=dict(BPE, unk_token="<unk>", fuse_unk=True, byte_fallback=True,
                   vocab={"<unk>": 0, "<s>": 1, "</s>": 2, "<0x41>": 3, "a": 4, "b": 5, "▁": 6, "▁a": 7},
                   merges=[["▁", "a"]])),
}
CLASSES = {
    "byte-level": ["PreTrainedTokenizerFast", "TokenizersBackend", "GPT2Tokenizer", "GPT2TokenizerFast", "Qwen2Tokenizer",
                   "Qwen2TokenizerFast", "GPTNeoXTokenizer", "GPTNeoXTokenizerFast", "CohereTokenizer", "CodeGenTokenizer",
                   "LlamaTokenizer", "NonsuchTokenizer", "PreTrainedTokenizer"],
    "sentence-piece": ["PreTrainedTokenizerFast", "TokenizersBackend", "LlamaTokenizer", "LlamaTokenizerFast",
                       "CodeLlamaTokenizer", "GemmaTokenizer", "GemmaTokenizerFast", "NonsuchTokenizer"],
}
MODEL_TYPES = {
    "byte-level": ["llama", "gpt2", "qwen2", "qwen3", "phi3", "mistral", "gpt_neox", "cohere", "cohere2", "opt", "olmo2",
                   "smollm3", "falcon", "phi", "ernie4_5", "stablelm", "granite", "starcoder2", "mpt", "olmo", None],
    "sentence-piece": ["llama", "mistral", "gemma", "gemma2", "gemma3_text", "phi3", "ernie4_5", "helium", "olmo2", None],
}
# Classes that read another kind of pieces than these: no model has such files, and none are drawn.
OTHER_KIND = {
    "byte-level": ["GemmaTokenizer"],
    "sentence-piece": ["GPT2Tokenizer", "Qwen2Tokenizer", "GPTNeoXTokenizer", "CohereTokenizer", "CodeGenTokenizer"],
}
NAMES = ["<x>", "<y>", "[PAD]", "<s>", "<bos>", "a", "日 本", "<|im_end|>"]


def some(draw, choices, most):
    return draw.sample(choices, draw.randint(0, most))


def replaced(draw, base):
    first = len(BASES[base]["model"]["vocab"])
    parts = {}
    if draw.random() < 0.6:
        names = some(draw, [n for n in NAMES if n not in ("a", "<s>")], 3)
        step = draw.choice([1, 1, 1, 2])
        parts["added_tokens"] = BASES[base]["added_tokens"] + [
            added(first + i * step, n, draw.random() < 0.5) for i, n in enumerate(names)]
    if base == "byte-level":
        parts["pre_tokenizer"] = byte_level(draw.random() < 0.4)
    else:
        parts["pre_tokenizer"] = draw.choice([metaspace("first"), metaspace("always"), metaspace("never"), None])
        parts["normalizer"] = LLAMA2 if parts["pre_tokenizer"] is None else None
    return parts


def tokenizer_config(draw, base):
    first = len(BASES[base]["model"]["vocab"])
    config = {}
    if draw.random() < 0.8:
        config["tokenizer_class"] = draw.choice(CLASSES[base])
    if draw.random() < 0.6:
        config["add_prefix_space"] = draw.random() < 0.5
    for role in ("bos_token", "eos_token", "pad_token"):
        if draw.random() < 0.35:
            config[role] = draw.choice([None, *NAMES])
    if draw.random() < 0.2:
        config["image_token"] = "<image>"
    if draw.random() < 0.3:
        config[draw.choice(["additional_special_tokens", "extra_special_tokens"])] = some(draw, NAMES, 2)
    if draw.random() < 0.5:
        of_file = {str(t["id"]): token(t["content"], t["special"]) for t in BASES[base]["added_tokens"]}
        step = draw.choice([1, 1, 2])
        more = {str(first + i * step): token(n, draw.random() < 0.5) for i, n in enumerate(some(draw, NAMES, 4))}
        config["added_tokens_decoder"] = {**(of_file if draw.random() < 0.8 else {}), **more}
    return config


def files(draw, base):
    config = {"vocab_size": ROWS}
    model_type = draw.choice(MODEL_TYPES[base])
    if model_type:
        config["model_type"] = model_type
    all_files = {"config.json": config}
    if draw.random() < 0.9:
        all_files["tokenizer_config.json"] = tokenizer_config(draw, base)
    if draw.random() < 0.1:
        config["tokenizer_class"] = draw.choice(CLASSES[base])
    if draw.random() < 0.25:
        first = len(BASES[base]["model"]["vocab"])
        all_files["added_tokens.json"] = {n: first + i for i, n in enumerate(some(draw, NAMES, 3))}
    if draw.random() < 0.25:
        all_files["special_tokens_map.json"] = {role: draw.choice([n, token(n, True)]) for role, n in zip(
            some(draw, ["bos_token", "eos_token", "unk_token"], 3), NAMES[:3])}
    return all_files


def what_transformers_makes(base, parts, others):
    tokenizer = {**BASES[base], **parts}
    tokenizer["added_tokens"] = [whole(t) for t in tokenizer["added_tokens"]]
    with tempfile.TemporaryDirectory() as directory:
        for name, content in {"tokenizer.json": tokenizer, **others}.items():
            pathlib.Path(directory, name).write_text(json.dumps(content))
        read = transformers.AutoTokenizer.from_pretrained(directory)
    of_added = read.added_tokens_decoder
    tokens = {}
    for content, number in sorted(read.get_vocab().items(), key=lambda entry: entry[1]):
        if number in tokens:
            raise ValueError(f"{number} is two tokens")
        kind = "P" if number not in of_added else "S" if of_added[number].special else "A"
        tokens[number] = kind + content
    pieces = read.convert_ids_to_tokens(read("b", add_special_tokens=False)["input_ids"])
    return dict(made=type(read).__name__, tokens=tokens, bos=read.bos_token_id, prefix=pieces[0][0] in "Ġ▁")


def cases():
    draw = random.Random(SEED)
    drawn = 0
    while drawn < CASES:
        base = draw.choice(list(BASES))
        parts, others = replaced(draw, base), files(draw, base)
        try:
            made = what_transformers_makes(base, parts, others)
        except Exception as e:  # noqa: BLE001
            print("not read:", type(e).__name__, str(e)[:100], file=sys.stderr)
            continue
        if made["made"] in OTHER_KIND[base]:
            continue
        drawn += 1
        yield dict(base=base, replaced=parts, files=others, **made)


def main():
    lines = [json.dumps(case, ensure_ascii=False) for case in cases()]
    bases = json.dumps(BASES, ensure_ascii=False)
    pathlib.Path(sys.argv[1]).write_text(
        f'{{"transformers": "{transformers.__version__}", "bases": {bases},\n"cases": [\n' + ",\n".join(lines) + "\n]}\n")


if __name__ == "__main__":
    main()
