#!/usr/bin/env bash
# What an operator does with ByteLM in the first week, on a copy of your own Flink distribution, ending with a table:
#   docker/trial.sh /opt/flink               all of it, about 25 minutes
#   docker/trial.sh /opt/flink --short       8 submissions and cancels instead of 50
# Build the project first. Needs Linux, a JDK 17, Maven and curl. Everything listens on the loopback interface and ends with
# the script; the distribution itself is only read. TRIAL_DIR chooses where the copy and all logs lie (and stay).
set -Eeuo pipefail

here=$(cd "$(dirname "$0")" && pwd)
project=$(dirname "$here")
stock=${1:?give the directory of a Flink distribution}
submissions=50
[ "${2:-}" = "--short" ] && submissions=8
work=${TRIAL_DIR:-$(mktemp -d)}
rest_port=${TRIAL_REST_PORT:-18481}
broker=127.0.0.1:${TRIAL_BROKER_PORT:-19492}

# shellcheck source=trial/table.sh
. "$here/trial/table.sh"
# shellcheck source=trial/broker.sh
. "$here/trial/broker.sh"
# shellcheck source=trial/cluster.sh
. "$here/trial/cluster.sh"
# shellcheck source=trial/jobs.sh
. "$here/trial/jobs.sh"
# shellcheck source=trial/gauges.sh
. "$here/trial/gauges.sh"

# shellcheck disable=SC2329 # the trap below calls it
end_all() {
  end_cluster
  end_broker
}
trap end_all EXIT
trap 'echo "trial.sh: stopped at line $LINENO of ${BASH_SOURCE[0]}; see $work" >&2' ERR

# Savepoint, another parallelism, a lost TaskManager: 8 sessions live through all of it, each piece of their text is scored
# once, with the numbers of a session that lived through nothing.
exactly_once_through_everything() {
  local disturbed=(s1 s2 s3 s4 s5 s6 s7 s8) job savepoint
  start_task_manager 1
  job=$(submit bytes scores --parallelism 1)
  send bytes 1 12 reference
  send bytes 1 3 "${disturbed[@]}"
  check "scores from a stock client" await_scores scores $((12 + 8 * 3)) 120
  savepoint=$(stop_with_savepoint "$job")
  check "stopped with a savepoint" test -n "$savepoint"
  send bytes 4 6 "${disturbed[@]}"
  job=$(submit bytes scores --parallelism 2 --resume-from "$savepoint")
  check "resumed at parallelism 2" await_scores scores $((12 + 8 * 6)) 120
  start_task_manager 2
  kill_task_manager 1
  send bytes 7 9 "${disturbed[@]}"
  check "kill -9 of the TaskManager with the job" await_scores scores $((12 + 8 * 9)) 240
  send bytes 10 12 "${disturbed[@]}"
  check "all scores of the disturbed sessions" await_scores scores $((12 + 8 * 12)) 120
  check "each score once, as undisturbed within 1e-4 nats" as_the_reference scores 8 12
  cancel "$job"
  kill_task_manager 2
}

# The same TaskManager takes one job after the other; what the fifth has left there, the last must have left, too.
many_submissions() {
  local round job fifth last
  start_task_manager 3
  for round in $(seq "$submissions"); do
    job=$(submit bytes scores --group "round-$round" --start latest)
    await_running "$job"
    cancel "$job"
    if [ "$round" = 5 ]; then fifth=$(task_manager_gauges 3); fi
  done
  last=$(task_manager_gauges 3)
  within_five_percent "$submissions submissions and cancels" "$fifth" "$last"
}

# One of two TaskManagers is killed while scores flow: the job goes on in the other one, whose model is open.
failover_beside_an_open_model() {
  local job beats
  start_task_manager 4
  start_task_manager 5
  job=$(submit beats beat-scores --parallelism 2)
  await_running "$job"
  send beats 1 2 s1 s2 s3 s4
  check "two TaskManagers share a job" await_scores beat-scores 8 120
  send_beats beats 45 &
  beats=$!
  sleep 15
  kill_task_manager 5
  wait "$beats"
  longest_pause "a TaskManager killed beside another: longest pause" beat-scores 60
  cancel "$job"
  kill_task_manager 4
}

two_jobs_side_by_side() {
  local one two before after
  start_task_manager 6
  one=$(submit bytes-one scores-one)
  send bytes-one 1 12 alone
  check "first job of two" await_scores scores-one 12 120
  before=$(resident_mib 6)
  two=$(submit bytes-two scores-two)
  send bytes-two 1 12 alone
  check "second job of two" await_scores scores-two 12 120
  after=$(resident_mib 6)
  at_most_more "a second job with the same model, MiB resident" 15 "$before" "$after"
  check "the model was opened once for both" opened_once 6
  idle_log_lines 6 "two jobs"
  cancel "$one"
  cancel "$two"
}

prepare_broker
prepare_cluster
exactly_once_through_everything
many_submissions
kill_task_manager 3
failover_beside_an_open_model
two_jobs_side_by_side
print_table
