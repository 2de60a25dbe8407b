#!/usr/bin/env bash
# tokenizers: whether an added token survives the ByteLevel decoder depends on which letters it has.
#
# What happens: added tokens are stored as plain text, but the ByteLevel decoder of GPT-2-style tokenizers reads every
#   token in the byte alphabet (where U+00E9 stands for byte E9 and U+010D for byte 0D). A token all of whose characters
#   are in that alphabet is turned into other bytes; one with a single character outside it (a space, a CJK
#   character) is kept whole as its UTF-8 text. So 'café' decodes to broken UTF-8, 'un café' is right, and 'č' is a CR.
# Expected: decode(encode(text)) is the text for each added token, or for none that has letters beyond ASCII.
# Versions: tokenizers 0.23.3 (Python 3.11).
# Output seen:
#   'café'    -> 'caf\ufffd'
#   'un café' -> 'un café'
#   'č'       -> '\r'
#   'č日'     -> 'č日'
#   '日本'    -> '日本'
# What it means: the bytes of a vocabulary entry can't be had with one rule for the whole vocabulary. Decide for each
#   token as a whole (all characters in the alphabet or not), and choose for added tokens whether to follow what the
#   encoder takes (their text) or what the decoder gives; a byte-level model that mixes them scores other text.
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

from tokenizers import Tokenizer, __version__, decoders, models, pre_tokenizers

print("tokenizers", __version__)
alphabet = {c: i for i, c in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
tokenizer = Tokenizer(models.BPE(alphabet, []))
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokenizer.decoder = decoders.ByteLevel()
expected = {"café": "caf\ufffd", "un café": "un café", "č": "\r", "č日": "č日", "日本": "日本"}
tokenizer.add_tokens(list(expected))
changed = False
for text, before in expected.items():
    ids = tokenizer.encode(text).ids
    now = tokenizer.decode(ids)
    print(f"{text!r} -> {len(ids)} token -> {now!r}")
    changed |= len(ids) != 1 or now != before
if changed:
    print("CHANGED: look at this again")
    sys.exit(1)
print("AS SEEN BEFORE: the letters of an added token decide whether it decodes to itself")
PY
venv/bin/python probe.py
