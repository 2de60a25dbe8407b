#!/usr/bin/env bash
# transformers 4 loads what transformers 5 saved, and forgets all that it says about positions.
#
# What happens: transformers 5 saves rope_theta and the scaling of long contexts in one block, rope_parameters. 4.57 loads
#   such a config.json without an error or a warning, keeps the block as an unknown extra, and takes rope_theta and
#   rope_scaling from its own defaults: 10,000 and none.
# Expected: an error or a warning; config.json names the version that wrote it, and 4.57 does not look.
# Versions: transformers 5.24.0 and 4.57.6 (Python 3.11; no torch needed).
# Output seen:
#   5.24.0 saved:  rope_theta 1000000, rope_type yarn, factor 4.0
#   4.57.6 loaded: rope_theta 10000.0, rope_scaling None, said 0 warnings
# What it means: a model that was saved again (merged, fine-tuned, quantized) with 5 answers with other positions under
#   an engine that is pinned to 4. A loader has to know both forms and must not let rope_theta default while a block that
#   it does not know stands in the file; a comparison between peers has to check that both read the same rope_theta.
#
# Exits 0 while this still is so, 1 when it has changed.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
export HF_HUB_OFFLINE=1
python3 -m venv five
five/bin/pip install -q transformers==5.24.0 tokenizers==0.23.3 safetensors==0.8.0
python3 -m venv four
four/bin/pip install -q transformers==4.57.6 tokenizers==0.22.2 huggingface-hub==0.36.0 safetensors==0.8.0
cat > save.py <<'PY'
from transformers import Qwen3Config, __version__

rope = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32768, "rope_theta": 1000000}
config = Qwen3Config(num_hidden_layers=1, max_position_embeddings=131072, rope_parameters=rope)
config.save_pretrained("model")
saved = config.rope_parameters
print(f"{__version__} saved:  rope_theta {saved['rope_theta']}, rope_type {saved['rope_type']}, factor {saved['factor']}")
PY
cat > load.py <<'PY'
import logging
import sys
import warnings

import transformers

said = []


class Said(logging.Handler):
    def emit(self, record):
        said.append(record.getMessage())


transformers.utils.logging.set_verbosity_warning()
transformers.utils.logging.add_handler(Said())
with warnings.catch_warnings(record=True) as warned:
    warnings.simplefilter("always")
    config = transformers.AutoConfig.from_pretrained("model")
said += [str(w.message) for w in warned]
print(
    f"{transformers.__version__} loaded: rope_theta {config.rope_theta}, rope_scaling {config.rope_scaling}, "
    f"said {len(said)} warnings"
)
if config.rope_theta == 10000 and config.rope_scaling is None and not said:
    print("AS SEEN BEFORE: version 4 leaves out in silence what version 5 has saved")
else:
    print(said)
    print("CHANGED: look at this again")
    sys.exit(1)
PY
five/bin/python save.py
four/bin/python load.py
