#!/usr/bin/env bash
# transformers and tokenizers: the ids that files give to added tokens are not the ids that they get.
#
# What happens: an added token that is no piece of the model's vocabulary gets the next free id, in the order of the file,
#   whatever id stands beside it in tokenizer.json or in added_tokens_decoder of tokenizer_config.json. Where ids have a
#   gap, every token behind it moves. And a class that rebuilds its tokenizer (GPT2Tokenizer, LlamaTokenizer, ...) forgets
#   the added tokens of tokenizer.json that added_tokens_decoder does not list: those after them take over their ids.
# Expected: the ids that the files say, or an error. Nothing is said.
# Versions: transformers 5.24.0, tokenizers 0.23.3 (Python 3.11; no torch needed).
# Output seen:
#   tokenizer.json 6 <|a|>, 8 <|b|>                          -> {'<|a|>': 5, '<|b|>': 6}
#   added_tokens_decoder 6 <|a|>, 8 <|b|>                    -> {'<|a|>': 5, '<|b|>': 6}
#   tokenizer.json 5 <|a|>, 6 <|b|>; decoder lists only 6    -> {'<|b|>': 5}
# What it means: a trainer that wrote ids with a gap (ids kept free for later, a token removed by hand), or a fine-tune whose
#   tokenizer_config.json lists fewer tokens than its tokenizer.json, is read with other ids than its model was trained
#   with: prompts with these tokens meet the rows of others. Compare convert_tokens_to_ids with the files' own ids.
#
# Exits 0 while this still is so, 1 when it has changed.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
export HF_HUB_OFFLINE=1
python3 -m venv venv
venv/bin/pip install -q transformers==5.24.0 tokenizers==0.23.3
cat > probe.py <<'PY'
import json
import pathlib
import sys

import tokenizers
import transformers

print("transformers", transformers.__version__, "tokenizers", tokenizers.__version__)
PIECES = {"<|endoftext|>": 0, "a": 1, "b": 2, "Ġ": 3, "Ġa": 4}


def added(number, content):
    return dict(id=number, content=content, single_word=False, lstrip=False, rstrip=False, normalized=False, special=True)


def listed(*tokens):
    return {str(t["id"]): {k: v for k, v in t.items() if k != "id"} for t in tokens}


def ids(of_file, tokenizer_class, decoder):
    folder = pathlib.Path("model")
    folder.mkdir(exist_ok=True)
    model = dict(type="BPE", dropout=None, unk_token=None, continuing_subword_prefix="", end_of_word_suffix="",
                 fuse_unk=False, byte_fallback=False, vocab=PIECES, merges=[["Ġ", "a"]])
    steps = dict(type="ByteLevel", add_prefix_space=False, trim_offsets=True, use_regex=True)
    tokenizer = dict(version="1.0", truncation=None, padding=None, added_tokens=[added(0, "<|endoftext|>"), *of_file],
                     normalizer=None, pre_tokenizer=steps, post_processor=None, decoder=steps, model=model)
    config = dict(tokenizer_class=tokenizer_class)
    if decoder is not None:
        config["added_tokens_decoder"] = decoder
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    (folder / "config.json").write_text(json.dumps(dict(model_type="llama", vocab_size=16)))
    vocabulary = transformers.AutoTokenizer.from_pretrained("model").get_vocab()
    return {name: number for name, number in sorted(vocabulary.items(), key=lambda e: e[1]) if name not in PIECES}


END, A, B = added(0, "<|endoftext|>"), added(6, "<|a|>"), added(8, "<|b|>")
seen = [
    ("tokenizer.json 6 <|a|>, 8 <|b|>", ids([A, B], "PreTrainedTokenizerFast", None), {"<|a|>": 5, "<|b|>": 6}),
    ("added_tokens_decoder 6 <|a|>, 8 <|b|>", ids([], "PreTrainedTokenizerFast", listed(END, A, B)), {"<|a|>": 5, "<|b|>": 6}),
    ("tokenizer.json 5 <|a|>, 6 <|b|>; decoder lists only 6",
     ids([added(5, "<|a|>"), added(6, "<|b|>")], "GPT2Tokenizer", listed(END, added(6, "<|b|>"))), {"<|b|>": 5}),
]
for what, now, before in seen:
    print(f"{what:56} -> {now}")
if any(now != before for _, now, before in seen):
    print("CHANGED: look at this again")
    sys.exit(1)
print("AS SEEN BEFORE: other ids than the files say, without a word")
PY
venv/bin/python probe.py
