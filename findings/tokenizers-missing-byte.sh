#!/usr/bin/env bash
# tokenizers: a byte-level BPE that was trained without one byte forgets that byte, and says nothing.
#
# What happens: a byte-level BPE that knows no token for some byte (here CR: the training text had none) and has no
#   unk_token encodes as if the byte were not there: no error, no unknown token, and no trace in the ids, so that
#   CR LF CR LF and LF LF get the same ids. What stood on both sides of the byte is even merged into one token across it.
# Expected: an error, or that "byte-level" means that decode(encode(text)) is the text, which is why it has no unk_token.
# Versions: tokenizers 0.23.3 (Python 3.11). Published models have such vocabularies too.
# Output seen:
#   encode: 'one\r\n\r\ntwo' -> ['oneĊĊ', 'two'], the ids of 'one\n\ntwo': True
#   decode: 'one\n\ntwo'
#   encode: '\r' -> []
# What it means: whoever computes the probability of bytes through such a tokenizer must look up all 256 bytes first
#   and treat text with a missing byte as text without probability; otherwise two texts share one score.
#
# Exits 0 while this still is so, 1 when it has changed.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --no-deps tokenizers==0.23.3
cat > probe.py <<'PY'
import sys

from tokenizers import Tokenizer, __version__, decoders, models, pre_tokenizers, trainers

print("tokenizers", __version__)
tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
tokenizer.decoder = decoders.ByteLevel()
tokenizer.train_from_iterator(
    ["one\n\n", "two", "\n\nthree", "one", "\n\n"], trainers.BpeTrainer(vocab_size=300, show_progress=False)
)
text = "one\r\n\r\ntwo"
seen = tokenizer.encode(text)
same = seen.ids == tokenizer.encode(text.replace("\r", "")).ids
back = tokenizer.decode(seen.ids)
alone = tokenizer.encode("\r").ids
print(f"encode: {text!r} -> {seen.tokens}, the ids of {text.replace(chr(13), '')!r}: {same}")
print(f"decode: {back!r}")
print(f"encode: {chr(13)!r} -> {alone}")
if same and back == "one\n\ntwo" and alone == [] and "ĊĊ" in "".join(seen.tokens):
    print("AS SEEN BEFORE: the byte is left out without an error")
else:
    print("CHANGED: look at this again")
    sys.exit(1)
PY
venv/bin/python probe.py
