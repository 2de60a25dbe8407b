#!/usr/bin/env bash
# transformers 5: adding rope_scaling to a config.json, as model cards tell for long context, resets rope_theta.
#
# What happens: transformers 5 writes config.json with rope_theta inside of rope_parameters. Where a rope_scaling block
#   stands beside it (many model cards ask for one, to switch YaRN on), it takes the place of all of rope_parameters,
#   and rope_theta falls back to 10,000. It is called deprecated in a warning, which does not mention rope_theta.
# Expected: that the two are merged (a flat rope_theta of an older config.json does survive), or an error.
# Versions: transformers 5.24.0 (Python 3.11; no torch needed).
# Output seen:
#   saved by transformers:  {'rope_theta': 1000000, 'rope_type': 'default'}
#   with rope_scaling:      rope_type yarn, rope_theta 10000.0
#   flat rope_theta as well: rope_type yarn, rope_theta 1000000
# What it means: the model loads and answers, with the positions of another model. Whoever reads config.json on their
#   own has to choose: either do as transformers does, or refuse a file that has both blocks. Refusing is safer.
#
# Exits 0 while this still is so, 1 when it has changed.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q transformers==5.24.0 tokenizers==0.23.3 safetensors==0.8.0
cat > probe.py <<'PY'
import json
import sys

from transformers import AutoConfig, Qwen3Config, __version__

print("transformers", __version__)
Qwen3Config(
    num_hidden_layers=1,
    max_position_embeddings=131072,
    rope_parameters={"rope_type": "default", "rope_theta": 1000000},
).save_pretrained("model")
with open("model/config.json") as f:
    saved = json.load(f)


def load(**more):
    with open("model/config.json", "w") as f:
        json.dump({**saved, **more}, f)
    return AutoConfig.from_pretrained("model").rope_parameters


yarn = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32768}
plain = load()
both = load(rope_scaling=yarn)
flat = load(rope_scaling=yarn, rope_theta=1000000)
print("saved by transformers: ", saved["rope_parameters"])
print("loaded again:          ", plain)
print("with rope_scaling:     ", both)
print("flat rope_theta as well:", flat)
if plain["rope_theta"] == flat["rope_theta"] == 1000000 and both["rope_theta"] == 10000 and both["rope_type"] == "yarn":
    print("AS SEEN BEFORE: rope_scaling replaces rope_parameters, rope_theta included")
else:
    print("CHANGED: look at this again")
    sys.exit(1)
PY
HF_HUB_OFFLINE=1 venv/bin/python probe.py
