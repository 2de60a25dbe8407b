#!/usr/bin/env bash
# The image, the compose file and the read-only pods without containers:
#   bash docker/try-image.sh FLINK_DIRECTORY [ENTRYPOINT]
# does to a copy of a Flink 2.2 distribution what the Dockerfile does to the official image, starts JobManager and TaskManager
# in it with compose.yaml's properties, submits as compose.yaml does, and then runs the job in application mode with nothing
# writable but what the pods of kubernetes/ may write. ENTRYPOINT is the official image's docker-entrypoint.sh (it needs
# envsubst); without it the script sets the properties and starts Flink's foreground scripts, as that file does.
# As root everything runs as the user 9999, as in the image. Processes listen on the loopback interface, from port $PORT on.
# What is left out: high availability, since there is no ZooKeeper, and whatever container engines do themselves.
set -euo pipefail
set -m  # each process in the background leads a group, which ends as one
distribution=$(cd "${1:?give the directory of a Flink distribution}" && pwd)
entrypoint=${2:+$(realpath "$2")}
port=${PORT:-18081}
docker=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$docker")
work=$(mktemp -d)
export FLINK_HOME=$work/flink JOB_MANAGER_RPC_ADDRESS=127.0.0.1
# a container has a temporary directory of its own
export TMPDIR=$work/tmp JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=$work/tmp
started=()

end() {
  stop 0
  rm -rf "$work"
}
trap end EXIT

fail() {
  echo "FAILED   $1" >&2
  grep -ahE 'WARN|ERROR|Exception' "$work"/*.out | grep -av '^.at ' | sort -u -k 3 | head -n 20 >&2
  tail -n 5 "$work"/*.out >&2
  exit 1
}

as_flink() {
  if [ "$(id -u)" = 0 ]; then
    setpriv --reuid 9999 --regid 9999 --clear-groups env HOME="$FLINK_HOME" "$@"
  else
    "$@"
  fi
}

# own PATH...: gives them to the image's user.
own() {
  [ "$(id -u)" != 0 ] || chown -R 9999:9999 "$@"
}

# in_background NAME COMMAND...
in_background() {
  local name=$1
  shift
  "$@" > "$work/$name.out" 2>&1 &
  started+=($!)
}

# wait_for SECONDS WHAT COMMAND...
wait_for() {
  local seconds=$1 what=$2
  shift 2
  for ((i = 0; i < seconds; i++)); do
    if "$@" > /dev/null 2>&1; then
      echo "ok       $what"
      return
    fi
    sleep 1
  done
  fail "$what: not within $seconds s"
}

# The steps of the Dockerfile, with $FLINK_HOME for /opt/flink.
build_image() {
  local instruction words
  cp -a "$distribution" "$FLINK_HOME"
  mkdir -p "$FLINK_HOME/usrlib" "$FLINK_HOME/log"
  mkdir "$work/tmp"
  chmod 755 "$work"
  own "$FLINK_HOME" "$work/tmp"
  while read -r instruction words; do
    words=${words//\/opt\/flink/$FLINK_HOME}
    case $instruction in
      COPY) copy_into_image "${words#--chown=flink:flink }" ;;
      RUN) run_in_image "$(tr -d '[],"' <<< "$words")" ;;
      ENV) export "${words?}" ;;
    esac
  done < <(grep -E '^(COPY|RUN|ENV) ' "$docker/Dockerfile")
  echo "ok       the steps of the Dockerfile"
}

# copy_into_image "FROM... TO": files, or a directory's contents.
copy_into_image() {
  local words to from
  read -ra words <<< "$1"
  to=${words[-1]}
  for from in "${words[@]::${#words[@]}-1}"; do
    if [ -d "$root/$from" ]; then
      mkdir -p "$to"
      cp -r "$root/$from/." "$to"
    else
      mkdir -p "$(dirname "${to}x")"
      cp "$root/$from" "$to"
    fi
  done
  own "$to"
}

run_in_image() {
  local words
  read -ra words <<< "$1"
  (cd "$FLINK_HOME" && as_flink "${words[@]}")
}

# compose.yaml's FLINK_PROPERTIES for one machine.
properties() {
  awk '/FLINK_PROPERTIES: \|/ {on = 1; next} on && /^      [^ ]/ {sub(/^ +/, ""); print; next} on {exit}' \
    "$docker/compose.yaml" \
    | grep -vE '^(high-availability|jobmanager.rpc.address|rest.address|metrics.reporter.prometheus.port)' \
    | sed "s#/opt/flink#$FLINK_HOME#g"
  cat << PROPERTIES
jobmanager.rpc.address: 127.0.0.1
jobmanager.rpc.port: $((port + 1))
jobmanager.bind-host: 127.0.0.1
taskmanager.host: 127.0.0.1
taskmanager.bind-host: 127.0.0.1
rest.address: 127.0.0.1
rest.bind-address: 127.0.0.1
rest.port: $port
io.tmp.dirs: $work/tmp
blob.server.port: $((port + 2))
metrics.reporter.prometheus.port: $((port + 3))-$((port + 4))
PROPERTIES
}

# The entrypoint's part: properties into conf/config.yaml, then a role's script. Whitespace within a line is lost there.
enter() {
  local role=$1 options=() line
  shift
  if [ -n "$entrypoint" ]; then
    as_flink bash "$entrypoint" "$role" "$@"
    return
  fi
  while read -r line; do
    line=${line//[[:space:]]/}
    options+=("-D${line%%:*}=${line#*:}")
  done <<< "$FLINK_PROPERTIES"
  if as_flink test -w "$FLINK_HOME/conf/config.yaml"; then
    as_flink "$FLINK_HOME/bin/config-parser-utils.sh" "$FLINK_HOME/conf" "$FLINK_HOME/bin" "$FLINK_HOME/lib" "${options[@]}"
  fi
  as_flink "$FLINK_HOME/bin/$role.sh" start-foreground "$@"
}

rest() { curl --fail --silent "http://127.0.0.1:$port/$1"; }
has_taskmanager() { rest overview | grep -q '"taskmanagers":1'; }
has_checkpoint() {
  local job
  job=$(rest jobs | grep -oE '[0-9a-f]{32}' | head -n 1)
  rest "jobs/$job/checkpoints" | grep -qE '"completed":[1-9]'
}
listens() { (: < "/dev/tcp/127.0.0.1/$1"); }
shows_metrics() { curl --fail --silent "http://127.0.0.1:$1/metrics" | grep -q '^flink_'; }

start_broker() {
  local classes=$root/job/target/lib
  cat > "$work/server.properties" << BROKER
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$((port + 6))
listeners=PLAINTEXT://127.0.0.1:$((port + 5)),CONTROLLER://127.0.0.1:$((port + 6))
controller.listener.names=CONTROLLER
log.dirs=$work/kafka
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
BROKER
  classes=$(find "$classes" -name '*.jar' ! -name 'bytelm*' ! -name 'flink*' | paste -sd:)
  java -cp "$classes" kafka.tools.StorageTool format -t AAAAAAAAAAAAAAAAAAAAAA -c "$work/server.properties" \
    > "$work/format.out" 2>&1 || fail "the broker's directory"
  in_background kafka java -Xmx384m -cp "$classes" kafka.Kafka "$work/server.properties"
  wait_for 60 "a broker" listens $((port + 5))
}

# The arguments after the JobManager's address in compose.yaml's submit, for this broker.
arguments() {
  awk '/^  submit:/ {on = 1} on && /command: >/ {in_command = 1; next} in_command && NF == 0 {exit} in_command' \
    "$docker/compose.yaml" \
    | sed "s#/opt/flink#$FLINK_HOME#g; s#jobmanager:8081#127.0.0.1:$port#; s#kafka:9092#127.0.0.1:$((port + 5))#"
}

# stop N: all processes but the first N.
stop() {
  local pid i
  for pid in "${started[@]:$1}"; do kill -- "-$pid" 2> /dev/null || true; done
  for pid in "${started[@]:$1}"; do
    for ((i = 0; i < 150; i++)); do
      kill -0 -- "-$pid" 2> /dev/null || break
      sleep 0.2
    done
    kill -KILL -- "-$pid" 2> /dev/null || true
  done
  started=("${started[@]:0:$1}")
}

compose() {
  in_background jobmanager enter jobmanager
  wait_for 180 "the JobManager's health check" rest overview
  in_background taskmanager enter taskmanager
  wait_for 180 "a TaskManager" has_taskmanager
  wait_for 60 "metrics of both" eval "shows_metrics $((port + 3)) && shows_metrics $((port + 4))"
  # shellcheck disable=SC2046 # words
  as_flink $(arguments) > "$work/submit.out" 2>&1 || fail "the submission"
  wait_for 240 "the job takes checkpoints" has_checkpoint
  # shellcheck disable=SC2046 # words
  as_flink $(arguments) > "$work/submit.out" 2>&1 || fail "the second submission"
  grep -q "nothing was submitted" "$work/submit.out" || fail "the second submission is one too many"
  echo "ok       a second submission while the job runs submits nothing"
  stop 1
}

# As the pods: nothing of the image can be written but the log directory; engine, state and temporary files have volumes.
application() {
  mkdir "$work/engine" "$work/state"
  own "$work/engine" "$work/state"
  sed -i "s#$FLINK_HOME/bytelm/checkpoints#$work/state#" "$FLINK_HOME/conf/config.yaml"
  if [ "$(id -u)" = 0 ]; then chown -R root:root "$FLINK_HOME"; fi
  chmod -R a-w "$FLINK_HOME"
  chmod u+w "$FLINK_HOME/log"
  own "$FLINK_HOME/log"
  export DJL_CACHE_DIR=$work/engine
  # shellcheck disable=SC2046 # words
  set -- $(arguments)
  in_background jobmanager enter standalone-job "${@:5}"
  wait_for 180 "application mode: a JobManager" rest overview
  in_background taskmanager enter taskmanager
  wait_for 300 "application mode: the job takes checkpoints" has_checkpoint
  [ -n "$(find "$work/engine" -name 'libtorch_cpu*')" ] || fail "the engine did not unpack into DJL_CACHE_DIR"
  echo "ok       the engine unpacked into its volume: $(du -sm "$work/engine" | cut -f 1) MB"
  stop 1
}

build_image
FLINK_PROPERTIES=$(properties)
export FLINK_PROPERTIES
start_broker
compose
application
