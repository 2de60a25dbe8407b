#!/usr/bin/env bash
# transformers 4 and 5 give other logits for the same files where a "tied" model stores a head of its own.
#
# What happens: config.json says tie_word_embeddings: true, the safetensors hold an lm_head.weight that differs from the
#   embedding. 4.57 ties, drops the stored head and says nothing; 5.24 keeps the stored head and warns.
# Expected: one meaning of the flag for one pair of files, or an error where flag and weights contradict each other.
# Versions: transformers 4.57.6 and 5.24.0, torch 2.15.0 (Python 3.11; about 6 GB are installed for the time of the run).
# Output seen:
#   4.57.6: embedding and head are one tensor: True, head is the stored one: False
#   5.24.0: embedding and head are one tensor: False, head is the stored one: True
#   largest difference of a logit: 0.376
# What it means: such files have two meanings, and which one a served model has depends on the library's version. A
#   loader must compare a stored head with the embedding and not trust the flag; a test oracle must name its version.
#
# Exits 0 while this still is so, 1 when it has changed.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --no-cache-dir torch==2.15.0 transformers==5.24.0 tokenizers==0.23.3 safetensors==0.8.0
venv/bin/pip install -q --target four --no-deps transformers==4.57.6 tokenizers==0.22.2 huggingface-hub==0.36.0 \
    requests==2.32.5 urllib3==2.5.0 charset-normalizer==3.4.4 certifi==2025.10.5 idna==3.11
cat > probe.py <<'PY'
import json
import sys

import torch
from safetensors.torch import load_file
from transformers import LlamaConfig, LlamaForCausalLM, __version__

if sys.argv[1] == "make":
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=32, hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2,
        num_key_value_heads=2, tie_word_embeddings=False,
    )
    LlamaForCausalLM(config).save_pretrained("model")
    with open("model/config.json") as f:
        saved = json.load(f)
    with open("model/config.json", "w") as f:
        json.dump({**saved, "tie_word_embeddings": True}, f)
else:
    model = LlamaForCausalLM.from_pretrained("model").eval()
    embedding, head = model.get_input_embeddings().weight, model.get_output_embeddings().weight
    stored = load_file("model/model.safetensors")["lm_head.weight"]
    one, kept = embedding.data_ptr() == head.data_ptr(), torch.equal(head, stored)
    print(f"{__version__}: embedding and head are one tensor: {one}, head is the stored one: {kept}")
    with torch.no_grad():
        logits = model(torch.tensor([[1, 2, 3]])).logits[0, -1].tolist()
    with open(sys.argv[1], "w") as f:
        json.dump({"one": one, "kept": kept, "logits": logits}, f)
PY
export HF_HUB_OFFLINE=1
venv/bin/python probe.py make
PYTHONPATH=four venv/bin/python probe.py four.json
venv/bin/python probe.py five.json
venv/bin/python - <<'PY'
import json
import sys

with open("four.json") as f, open("five.json") as g:
    four, five = json.load(f), json.load(g)
difference = max(abs(a - b) for a, b in zip(four["logits"], five["logits"]))
print(f"largest difference of a logit: {difference:.3f}")
if four["one"] and not four["kept"] and not five["one"] and five["kept"] and difference > 0.01:
    print("AS SEEN BEFORE: 4 ties, 5 uses the stored head")
else:
    print("CHANGED: look at this again")
    sys.exit(1)
PY
