#!/usr/bin/env bash
# How soon a job scores again after its TaskManager was killed, with a model in the TaskManager and with one in a service of its
# own, in turns, on a copy of your own Flink distribution:
#   docker/restart.sh /opt/flink MODEL-DIRECTORY [TURNS]
# Counts from the moment at which Flink has found the checkpoint to restore until the first new score is written. Build the
# project first. Needs Linux, a JDK 17, Maven and curl; a turn takes two minutes. Everything listens on the loopback interface
# and ends with the script. TRIAL_DIR chooses where the copy and all logs lie (and stay).
set -Eeuo pipefail

here=$(cd "$(dirname "$0")" && pwd)
project=$(dirname "$here")
stock=${1:?give the directory of a Flink distribution}
model=${2:?give the directory of a model}
turns=${3:-3}
work=${TRIAL_DIR:-$(mktemp -d)}
rest_port=${TRIAL_REST_PORT:-18481}
broker=127.0.0.1:${TRIAL_BROKER_PORT:-19492}
service=127.0.0.1:${TRIAL_SERVICE_PORT:-19095}
service_pid=

# shellcheck source=trial/table.sh
. "$here/trial/table.sh"
# shellcheck source=trial/broker.sh
. "$here/trial/broker.sh"
# shellcheck source=trial/cluster.sh
. "$here/trial/cluster.sh"
# shellcheck source=trial/jobs.sh
. "$here/trial/jobs.sh"

# shellcheck disable=SC2329 # the trap below calls it
end_all() {
  end_cluster
  [ -z "$service_pid" ] || kill "$service_pid" 2>/dev/null || true
  end_broker
}
trap end_all EXIT
trap 'echo "restart.sh: stopped at line $LINENO of ${BASH_SOURCE[0]}; see $work" >&2' ERR

start_service() {
  java -Xmx1g -jar "$project/job/target/bytelm.jar" serve --model "$model" --listen "$service" > "$work/log/service.log" 2>&1 &
  service_pid=$!
  check "service up" await_service
}

# shellcheck disable=SC2329 # check calls it
await_service() {
  local deadline=$((SECONDS + 60))
  until grep -q '^Serving ' "$work/log/service.log"; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 1
  done
}

# Milliseconds from Flink's restore to the first score that was written after it.
first_score_millis() { # job, topic
  local restored
  restored=$(rest "/jobs/$1/checkpoints" | grep -o '"restore_timestamp":[0-9]*' | tail -n 1 | cut -d: -f2)
  kafka org.apache.kafka.tools.consumer.ConsoleConsumer --bootstrap-server "$broker" --topic "$2" --from-beginning \
    --command-property isolation.level=read_committed --formatter-property print.timestamp=true --timeout-ms 10000 \
    2>> "$work/kafka/consumer.log" | grep -o 'CreateTime:[0-9]*' | cut -d: -f2 | sort -n |
    awk -v restored="$restored" '$1 > restored && !found { found = $1 - restored } END { print found }'
}

# One job, a stream of five records a second, and a TaskManager that is lost while another one waits for work.
turn() { # number, what, options of the job...
  local number=$1 what=$2 topic="beats-$1" job beats
  shift 2
  start_task_manager "$number-a"
  job=$(submit "$topic" "$topic-scores" --parallelism 1 --group "$topic" "$@")
  await_running "$job"
  send_beats "$topic" 60 &
  beats=$!
  sleep 20
  start_task_manager "$number-b"
  kill_task_manager "$number-a"
  wait "$beats"
  await_running "$job"
  row "$what" ok "$(first_score_millis "$job" "$topic-scores") ms"
  cancel "$job"
  kill_task_manager "$number-b"
}

prepare_broker
prepare_cluster
start_service
for number in $(seq "$turns"); do
  turn "$number-embedded" "model in the TaskManager: first score after the restore" --model "$model"
  turn "$number-service" "model in a service: first score after the restore" --service "$service"
done
print_table
