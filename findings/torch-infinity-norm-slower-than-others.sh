#!/usr/bin/env bash
# On CPUs PyTorch takes many times as long for the largest absolute value of a row as a norm than as abs() and amax().
#
# What happens: torch.linalg.vector_norm(x, inf, dim=-1), which only compares, takes 18 to 70 times as long as the Euclidean norm of the same
#   rows and 12 to 19 times as long as x.abs().amax(-1), which gives the same numbers and writes all of |x| to memory on the way.
#   The norm of order 1 lies between. One row of a few hundred numbers does not show it: there calls cost more than numbers.
# Expected: an infinity norm at least as fast as the two operators that it stands for, since it reads the numbers once.
# Versions: torch 2.15.0 (Python 3.11; about 6 GB are installed for the time of the run), one thread. libtorch 2.7.1, which DJL 0.35
#   brings, does likewise (710 and 113 us for the same shape).
# Output seen:
#   128 rows of 1536 numbers, us: order 2 47.3, order 1 350.2, order inf 877.7, abs and amax 67.9
#   equal: True
# What it means: the steps of numbers that are quantized row by row, as inputs of 8-bit layers are in each pass, are to be found by
#   abs() and amax(); the norm that says it in one word would take longer than the product itself.
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
import time
import warnings

warnings.simplefilter("ignore")

import torch

torch.set_num_threads(1)
torch.manual_seed(0)
rows = torch.randn(128, 1536)


def micros(work):
    """The least of some means: other work on the machine only adds to it."""
    least = float("inf")
    for _ in range(7):
        begun = time.perf_counter()
        for _ in range(50):
            work()
        least = min(least, (time.perf_counter() - begun) / 50)
    return 1e6 * least


times = [micros(lambda order=order: torch.linalg.vector_norm(rows, order, dim=-1)) for order in (2, 1, float("inf"))]
by_two_operators = micros(lambda: rows.abs().amax(-1))
equal = torch.equal(torch.linalg.vector_norm(rows, float("inf"), dim=-1), rows.abs().amax(-1))
print(f"128 rows of 1536 numbers, us: order 2 {times[0]:.1f}, order 1 {times[1]:.1f}, order inf {times[2]:.1f}, "
      f"abs and amax {by_two_operators:.1f}")
print("equal:", equal)
sys.exit(0 if equal and times[2] > 3 * by_two_operators and times[2] > 3 * times[0] else 1)
PY
venv/bin/python probe.py
