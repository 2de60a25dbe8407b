#!/usr/bin/env python3
"""Writes the schemas in CustomResourceDefinitions as JSON schemas that kubeconform reads.

    python3 crd-schema.py OUT_DIRECTORY flinkdeployments.flink.apache.org-v1.yml ...

Fields that a definition does not name are refused, as `kubectl --validate=strict` does, except where it keeps unknown ones.
Needs PyYAML.
"""

import json
import pathlib
import sys

import yaml


def strict(schema):
    """The schema, with every object closed that names its fields and does not keep others."""
    if isinstance(schema, list):
        return [strict(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: strict(value) for name, value in schema.items()}
    keeps_others = schema.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in schema
    if schema.get("type") == "object" and "properties" in schema and not keeps_others:
        closed["additionalProperties"] = False
    return closed


def main(out, files):
    out.mkdir(parents=True, exist_ok=True)
    for file in files:
        spec = yaml.safe_load(pathlib.Path(file).read_text())["spec"]
        kind, group = spec["names"]["kind"].lower(), spec["group"].split(".")[0]
        for version in spec["versions"]:
            schema = strict(version["schema"]["openAPIV3Schema"])
            for always in ("apiVersion", "kind"):
                schema["properties"].setdefault(always, {"type": "string"})
            schema["properties"].setdefault("metadata", {"type": "object"})
            path = out / f"{kind}-{group}-{version['name']}.json"
            path.write_text(json.dumps(schema))
            print(path)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]), sys.argv[2:])
