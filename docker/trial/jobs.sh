# Submitting, stopping and cancelling with Flink's own command line, as the README says.
submit() { # input, output, further options...
  local in=$1 out=$2 log
  shift 2
  log="$work/log/submission-$(date +%H%M%S%N).log"
  FLINK_LOG_DIR="$work/log" "$flink/bin/flink" run --detached "$project/job/target/bytelm-job.jar" score --bootstrap "$broker" \
    --in "$in" --out "$out" --create-topics ${TRIAL_MODEL:+--model "$TRIAL_MODEL"} "$@" > "$log" 2>&1 || { cat "$log" >&2; return 1; }
  sed -n 's/.*JobID \([0-9a-f]*\).*/\1/p' "$log"
}

stop_with_savepoint() { # job
  FLINK_LOG_DIR="$work/log" "$flink/bin/flink" stop --savepointPath "$work/savepoints" "$1" 2>&1 |
    tee -a "$work/log/stop.log" | sed -n 's/.*Savepoint completed. Path: file:\(.*\)/\1/p'
}

cancel() { # job
  FLINK_LOG_DIR="$work/log" "$flink/bin/flink" cancel "$1" >> "$work/log/cancel.log" 2>&1
  await_state "$1" CANCELED
}

await_running() { # job: all of its tasks
  local attempt
  for attempt in $(seq 120); do
    rest "/jobs/$1" | grep -q '"RUNNING":0' || { rest "/jobs/$1" | tasks_run && return 0; }
    sleep 0.5
  done
  return 1
}

tasks_run() { ! grep -oE '"status":"(CREATED|SCHEDULED|DEPLOYING|INITIALIZING|FAILED|CANCELED)"' > /dev/null; }

await_state() { # job, state
  local attempt
  for attempt in $(seq 120); do rest "/jobs/$1" | grep -q "\"state\":\"$2\"" && return 0; sleep 0.5; done
  echo "job $1 is not $2 after 60 s" >&2
  return 1
}
