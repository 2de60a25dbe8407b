# A JobManager and TaskManagers of a copy of the distribution, each a process of its own.
flink=
job_manager_pid=
declare -A task_manager_pids=()

prepare_cluster() {
  local log4j
  flink="$work/flink"
  cp -r "$stock" "$flink"
  cp "$work"/downloads/flink-sql-connector-kafka-*.jar "$flink/lib/"
  check "install --flink" install_jars
  "$flink/bin/config-parser-utils.sh" "$flink/conf" "$flink/bin" "$flink/lib" \
    -D rest.port="$rest_port" -D rest.bind-port="$rest_port" -D jobmanager.rpc.port="$((rest_port + 1))" \
    -D taskmanager.numberOfTaskSlots=2 -D taskmanager.load-balance.mode=SLOTS \
    -D taskmanager.memory.process.size=3264m -D taskmanager.memory.task.off-heap.size=1088m \
    -D taskmanager.memory.managed.size=128m -D heartbeat.timeout=15000 -D heartbeat.interval=3000 \
    -D execution.checkpointing.dir="file://$work/checkpoints" -D io.tmp.dirs="$work/tmp" > "$work/configuration.log" 2>&1
  for log4j in log4j.properties log4j-console.properties; do
    cat "$project/configs/log4j-bytelm.properties" >> "$flink/conf/$log4j"
  done
  mkdir -p "$work/tmp" "$work/log" "$work/djl"
  export DJL_CACHE_DIR="$work/djl"
  FLINK_LOG_DIR="$work/log" "$flink/bin/jobmanager.sh" start-foreground > "$work/log/jobmanager.out" 2>&1 &
  job_manager_pid=$!
  check "JobManager up" await_rest
}

install_jars() { java -jar "$project/job/target/bytelm.jar" install --flink "$flink" --yes > "$work/install.log" 2>&1; }

rest() { curl -sf "http://localhost:$rest_port$1"; }

await_rest() {
  local attempt
  for attempt in $(seq 60); do rest /overview > /dev/null && return 0; sleep 1; done
  return 1
}

# Each number once: a killed TaskManager stays in the JobManager's list until its heartbeat times out.
start_task_manager() { # number
  local attempt
  FLINK_LOG_DIR="$work/log" "$flink/bin/taskmanager.sh" start-foreground -D taskmanager.resource-id="tm-$1" \
    > "$work/log/taskmanager-$1.out" 2>&1 &
  task_manager_pids[$1]=$!
  for attempt in $(seq 60); do
    if rest /taskmanagers | grep -q "\"id\":\"tm-$1\""; then return 0; fi
    sleep 1
  done
  echo "TaskManager $1 has not registered in 60 s; see $work/log" >&2
  return 1
}

kill_task_manager() { # number
  kill -9 "${task_manager_pids[$1]}"
  wait "${task_manager_pids[$1]}" 2>/dev/null || true
  unset "task_manager_pids[$1]"
}

end_cluster() {
  local number
  for number in "${!task_manager_pids[@]}"; do kill "${task_manager_pids[$number]}" 2>/dev/null || true; done
  [ -z "$job_manager_pid" ] || kill "$job_manager_pid" 2>/dev/null || true
}
