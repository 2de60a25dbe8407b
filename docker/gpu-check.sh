#!/usr/bin/env bash
# Proves a GPU and measures it, in one call on a machine that has one:
#   PYTORCH_LIBRARY_PATH=/opt/libtorch/lib bash docker/gpu-check.sh MODEL_DIRECTORY
# Compares logits and answers of the service with the CPU's, in float32 (1e-3 nats; 1e-4 between rows on the host and rows on the
# device), then measures how speed grows with the batch up to 1,024 contexts, then runs the benchmark. Ends with 1 if a comparison
# fails. The model runs on the CPU in float32 too: 4 bytes a parameter of the machine's memory.
#   --device NAME      gpu0, gpu1, ...; cpu is a dry run of the same code (default: gpu0)
#   --precision NAME   of what is measured: float32, bfloat16, float16 (default: bfloat16)
#   --contexts N       the most in a batch (default: 1024; cpu: 16)
#   --state-cache-mb N memory for states on the device (default: 16384; cpu: 512)
#   --text FILE        what is read (default: this README)
#   --seconds N        for each figure of the benchmark; 0 leaves the benchmark out (default: 20; cpu: 2)
# Needs the built project (mvn -q -DskipTests package) and, for a GPU, libtorch 2.7.1 for CUDA 12.8 (C++11 ABI) in
# PYTORCH_LIBRARY_PATH, and the CUDA runtime (libcudart) where the loader finds it.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
model='' device=gpu0 precision=bfloat16 contexts='' cache='' text=$root/README.md seconds=''
while [ $# -gt 0 ]; do
  case "$1" in
    --device) device=$2 ;;
    --precision) precision=$2 ;;
    --contexts) contexts=$2 ;;
    --state-cache-mb) cache=$2 ;;
    --text) text=$2 ;;
    --seconds) seconds=$2 ;;
    -*) echo "gpu-check.sh: no such option: $1" >&2; exit 2 ;;
    *) model=$1; shift; continue ;;
  esac
  shift 2
done
[ -n "$model" ] || { echo "gpu-check.sh: give the directory of a model" >&2; exit 2; }
[ -f "$root/job/target/bytelm.jar" ] || { echo "gpu-check.sh: build the project first: mvn -q -DskipTests package" >&2; exit 2; }
if [ "$device" = cpu ]; then
  contexts=${contexts:-16} cache=${cache:-512} seconds=${seconds:-2}
else
  contexts=${contexts:-1024} cache=${cache:-16384} seconds=${seconds:-20}
  [ -n "${PYTORCH_LIBRARY_PATH:-}" ] || { echo "gpu-check.sh: PYTORCH_LIBRARY_PATH is not set" >&2; exit 2; }
  # without a flavor DJL looks for libraries with the old C++ ABI, which there are none of for this version
  export PYTORCH_VERSION=${PYTORCH_VERSION:-2.7.1} PYTORCH_FLAVOR=${PYTORCH_FLAVOR:-cu128}
  ! command -v nvidia-smi > /dev/null || nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader
fi

failed=0
java "@$root/configs/jvm.options" -cp "$root/job/target/bytelm.jar" io.bytelm.job.bench.DeviceCheck \
  "$model" "$text" "$device" "$precision" "$contexts" "$cache" || failed=$?
[ "$failed" -lt 2 ] || exit "$failed"
if [ "$seconds" != 0 ]; then
  java "@$root/configs/jvm.options" -jar "$root/job/target/bytelm.jar" bench "--model=$model" "--device=$device" \
    "--precision=$precision" "--state-cache-mb=$cache" "--seconds=$seconds" "--in=$text" --prune=0.05
fi
exit "$failed"
