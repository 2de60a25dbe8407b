#!/usr/bin/env bash
# transformers loads a DoRA adapter that lies beside a model without its magnitudes, and goes on with others.
#
# What happens: peft saves a magnitude as "...lora_magnitude_vector", and adds ".weight" to that when it loads it.
#   from_pretrained of a directory that holds model and adapter (and load_adapter) does not: the report lists the one as
#   unexpected and the other as missing, and the model keeps the lengths of its own rows.
# Expected: the numbers that peft gives for the same two directories, or an error.
# Versions: transformers 5.24.0, peft 0.21.2, torch 2.15.0 (Python 3.11; about 6 GB are installed for the time of the run).
# Output seen:
#   peft, adapter beside the trained model: 0.0000
#   transformers, adapter in the model's directory: 3.8022
# What it means: what such a directory means depends on who reads it. A loader that merges must take peft's word for DoRA,
#   and a test oracle must load adapters with PeftModel.
#
# Exits 0 while this still is so, 1 when it has changed.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --no-cache-dir torch==2.15.0 transformers==5.24.0 tokenizers==0.23.3 safetensors==0.8.0 peft==0.21.2
cat > probe.py <<'PY'
import shutil
import sys

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import LlamaConfig, LlamaForCausalLM


def log_probs(model):
    with torch.no_grad():
        return torch.log_softmax(model.eval()(torch.tensor([[1, 2, 3]])).logits[0, -1], -1)


torch.manual_seed(0)
config = LlamaConfig(
    vocab_size=32, hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2,
    num_key_value_heads=2, initializer_range=0.3,
)
LlamaForCausalLM(config).save_pretrained("base")
trained = get_peft_model(LlamaForCausalLM.from_pretrained("base"), LoraConfig(r=2, target_modules=["down_proj"], use_dora=True))
with torch.no_grad():
    for name, parameter in trained.named_parameters():
        if "lora_magnitude_vector" in name:
            parameter.copy_(torch.randn_like(parameter))
trained.save_pretrained("adapter")
expected = log_probs(trained)
shutil.copytree("base", "both")
for name in ("adapter_config.json", "adapter_model.safetensors"):
    shutil.copy("adapter/" + name, "both")
peft = (log_probs(PeftModel.from_pretrained(LlamaForCausalLM.from_pretrained("base"), "adapter")) - expected).abs().max()
beside = (log_probs(LlamaForCausalLM.from_pretrained("both")) - expected).abs().max()
print(f"peft, adapter beside the trained model: {peft:.4f}")
print(f"transformers, adapter in the model's directory: {beside:.4f}")
if peft < 1e-4 and beside > 0.01:
    print("AS SEEN BEFORE: transformers leaves out the magnitudes")
else:
    print("CHANGED: look at this again")
    sys.exit(1)
PY
HF_HUB_OFFLINE=1 venv/bin/python probe.py
