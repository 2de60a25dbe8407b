#!/usr/bin/env bash
# TorchScript takes the type in x.view(torch.bfloat16) for a size, although the operator with a type is registered.
#
# What happens: Tensor.view(dtype) reinterprets memory in eager mode. The same line, scripted, compiles without a word as
#   view(size) with the type's number as the one size: of 15 numbers (bfloat16 is number 15) it returns the tensor unchanged, in its
#   old type; of any other number of them it raises "shape '[15]' is invalid" when it runs. view(dtype=...) is refused when it
#   is compiled, as an argument that the operator does not have.
# Expected: what eager mode does, since the operators that are registered include aten::view.dtype(Tensor, ScalarType); or an
#   error when it is compiled, as for other things that TorchScript cannot do.
# Versions: torch 2.15.0 (Python 3.11; about 6 GB are installed for the time of the run). libtorch 2.7.1, which DJL 0.35 brings, takes it for a size as well.
# Output seen:
#   registered: ['aten::view', 'aten::view.dtype']
#   eager: torch.bfloat16 1.0
#   scripted, 15 numbers: torch.int16 16256
#   scripted, 16 numbers: shape '[15]' is invalid for input of size 16
#   scripted, dtype=: refused
# What it means: code that reads bfloat16 from raw bytes cannot be moved into TorchScript as it is, and a test with 15 numbers
#   would not even fail. Bits have to be brought into a wide type outside of it, and be converted.
#
# Exits 0 while this still is so, 1 when it has changed.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --no-cache-dir torch==2.15.0
cat > probe.py <<'PY'
import sys
import warnings

import torch

warnings.simplefilter("ignore")


def reinterpreted(x: torch.Tensor):
    return x.view(torch.bfloat16)


def reinterpreted_by_name(x: torch.Tensor):
    return x.view(dtype=torch.bfloat16)


registered = sorted(
    schema.name + ("." + schema.overload_name if schema.overload_name else "")
    for schema in torch._C._jit_get_schemas_for_operator("aten::view"))
print("registered:", registered)
bits = torch.full((15,), 0x3F80, dtype=torch.int16)
eager = reinterpreted(bits)
print("eager:", eager.dtype, eager[0].item())
scripted = torch.jit.script(reinterpreted)
same = scripted(bits)
print("scripted, 15 numbers:", same.dtype, same[0].item())
try:
    scripted(torch.zeros(16, dtype=torch.int16))
    message = "nothing is raised"
except RuntimeError as error:
    message = str(error).strip().splitlines()[-1].removeprefix("RuntimeError: ")
print("scripted, 16 numbers:", message)
try:
    torch.jit.script(reinterpreted_by_name)
    by_name = "compiled"
except RuntimeError:
    by_name = "refused"
print("scripted, dtype=:", by_name)
as_before = (
    "aten::view.dtype" in registered
    and (eager.dtype, eager[0].item()) == (torch.bfloat16, 1.0)
    and (same.dtype, same[0].item()) == (torch.int16, 0x3F80)
    and "[15]" in message
    and by_name == "refused")
print("AS SEEN BEFORE" if as_before else "CHANGED: look at this again")
sys.exit(0 if as_before else 1)
PY
venv/bin/python probe.py
