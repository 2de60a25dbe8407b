#!/bin/sh
# The steps of the image, for any Flink directory that already holds the jars:  sh docker/prepare-image.sh /opt/flink
# Stops if the native libraries are those of another system, makes the directories that processes write to, and silences
# known noise in the logs. Running it again changes nothing.
set -eu
flink=${1:?give the directory of Flink}

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) system=linux-x86_64 ;;
  Linux-aarch64) system=linux-aarch64 ;;
  *) echo "prepare-image.sh: no native libraries for $(uname -s) on $(uname -m)" >&2; exit 1 ;;
esac
found=$(find "$flink/lib" -name 'pytorch-native-*.jar')
case "$found" in
  *"$system"*) ;;
  "") echo "prepare-image.sh: $flink/lib has no pytorch-native-*.jar; copy job/target/flink-lib/ there first" >&2; exit 1 ;;
  *) echo "prepare-image.sh: this is $system, but the build has $found; build the project on $system" >&2; exit 1 ;;
esac
[ -f "$flink/lib/bytelm-engine.jar" ] || { echo "prepare-image.sh: $flink/lib has no bytelm-engine.jar" >&2; exit 1; }

mkdir -p "$flink/bytelm/djl" "$flink/bytelm/checkpoints"

# beside this script in the image, in the project's configs/ elsewhere
here=$(cd "$(dirname "$0")" && pwd)
quiet=$here/configs/log4j-bytelm.properties
[ -f "$quiet" ] || quiet=$here/../configs/log4j-bytelm.properties
for file in log4j-console.properties log4j.properties; do
  grep -q 'quiet_metrics' "$flink/conf/$file" || cat "$quiet" >> "$flink/conf/$file"
done
