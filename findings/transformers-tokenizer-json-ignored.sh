#!/usr/bin/env bash
# transformers 5: what tokenizer.json says of normalizer and pre-tokenizer counts only for some values of tokenizer_class.
#
# What happens: with PreTrainedTokenizerFast (or none, in a Llama directory) transformers 5 runs tokenizer.json as it stands and
#   does not look at add_prefix_space of tokenizer_config.json, neither true nor false. With GPT2Tokenizer, LlamaTokenizer,
#   Qwen2Tokenizer, GemmaTokenizer, GPTNeoXTokenizer or CohereTokenizer it takes pieces and merges from the file and makes
#   normalizer and pre-tokenizer itself: add_prefix_space of tokenizer_config.json decides, and that of the file does not.
# Expected: one rule; both files are written by save_pretrained, and may be edited or come from an earlier version.
# Versions: transformers 5.24.0, tokenizers 0.23.3 (Python 3.11; no torch needed).
# Output seen (whether 'b' is encoded as ' b'; tokenizer.json / tokenizer_config.json):
#   PreTrainedTokenizerFast  true/false: True   false/true: False   normalizer Lowercase of the file: kept
#   GPT2Tokenizer            true/false: False  false/true: True    normalizer Lowercase of the file: dropped
# What it means: an engine that reads tokenizer.json alone cuts texts differently from transformers 5 for every model of these
#   classes whose file says more than its class does (a Lowercase, a Digits step, a prefix space). Whoever changes
#   tokenizer.json by hand should also set tokenizer_class to PreTrainedTokenizerFast, or nothing happens.
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


def read(tokenizer_class, of_file, of_config, normalizer=None):
    folder = pathlib.Path("model")
    folder.mkdir(exist_ok=True)
    model = dict(type="BPE", dropout=None, unk_token=None, continuing_subword_prefix="", end_of_word_suffix="",
                 fuse_unk=False, byte_fallback=False, vocab={"<|endoftext|>": 0, "a": 1, "b": 2, "Ġ": 3, "B": 4}, merges=[])
    steps = dict(type="ByteLevel", add_prefix_space=of_file, trim_offsets=True, use_regex=True)
    tokenizer = dict(version="1.0", truncation=None, padding=None, added_tokens=[], normalizer=normalizer,
                     pre_tokenizer=steps, post_processor=None, decoder=steps, model=model)
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    (folder / "tokenizer_config.json").write_text(json.dumps(dict(tokenizer_class=tokenizer_class, add_prefix_space=of_config)))
    (folder / "config.json").write_text(json.dumps(dict(model_type="llama", vocab_size=16)))
    return transformers.AutoTokenizer.from_pretrained("model")


def spaced(tokenizer_class, of_file, of_config):
    tokenizer = read(tokenizer_class, of_file, of_config)
    return tokenizer.convert_ids_to_tokens(tokenizer("b")["input_ids"])[0] == "Ġ"


changed = False
for name, expected in dict(PreTrainedTokenizerFast=(True, False, True), GPT2Tokenizer=(False, True, False)).items():
    lowered = read(name, False, False, dict(type="Lowercase"))("B")["input_ids"] == [2]
    now = (spaced(name, True, False), spaced(name, False, True), lowered)
    print(f"{name:24} true/false: {now[0]!s:6} false/true: {now[1]!s:6} normalizer Lowercase of the file: "
          + ("kept" if lowered else "dropped"))
    changed |= now != expected
if changed:
    print("CHANGED: look at this again")
    sys.exit(1)
print("AS SEEN BEFORE: the class decides which of the two files counts")
PY
venv/bin/python probe.py
