# What a TaskManager holds: threads, sockets, metaspace, resident memory; and what the logs say.
task_manager_gauges() { # number
  local pid=${task_manager_pids[$1]}
  sleep 3
  jcmd "$pid" GC.run > /dev/null
  jcmd "$pid" GC.run > /dev/null
  echo "threads=$(ls "/proc/$pid/task" | wc -l) sockets=$(find "/proc/$pid/fd" -lname 'socket:*' | wc -l)" \
    "metaspace=$(metaspace "$pid") classloaders=$(job_class_loaders "$pid")"
}

# KiB in use at this moment; Flink's REST interface answers with what it read up to ten seconds ago, before the collection.
metaspace() { # pid
  jstat -gc "$1" | awk 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "MU") column = i } NR == 2 { printf "%d", $column }'
}

job_class_loaders() { # pid
  jcmd "$1" VM.classloader_stats | grep -c ChildFirstClassLoader || true
}

resident_mib() { # number
  awk '/^VmRSS/ { printf "%d", $2 / 1024 }' "/proc/${task_manager_pids[$1]}/status"
}

# The console's log is the TaskManager's whole log.
opened_once() { # number
  [ "$(grep -c 'SharedService.*Opened' "$work/log/taskmanager-$1.out")" = 1 ]
}

# Of the processes that run; what they say at their start is over.
idle_log_lines() { # TaskManager's number, jobs
  local logs=("$work/log/jobmanager.out" "$work/log/taskmanager-$1.out") before=() log ours
  sleep 15
  for log in "${logs[@]}"; do before+=("$(wc -l < "$log")"); done
  sleep 60
  for log in "${!logs[@]}"; do tail -n +"$((before[log] + 1))" "${logs[log]}"; done > "$work/idle.log"
  ours=$(grep -c 'io\.bytelm' "$work/idle.log" || true)
  if [ "$ours" -le 10 ]; then row "log lines of ours in an idle minute, $2" ok "$ours of $(wc -l < "$work/idle.log")"
  else row "log lines of ours in an idle minute, $2" FAILED "$ours of $(wc -l < "$work/idle.log"), at most 10"; fi
}
