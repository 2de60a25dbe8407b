# A Kafka broker and Kafka's own console clients, as processes. The broker's jars are those of the build, for the demo; the console
# clients come from Maven Central.
kafka_tools_version=4.2.0
broker_pid=

prepare_broker() {
  mkdir -p "$work/kafka"
  local artifact
  for artifact in org.apache.kafka:kafka-tools:$kafka_tools_version org.apache.flink:flink-sql-connector-kafka:5.0.0-2.2; do
    (cd "$work" && mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy -Dartifact=$artifact \
      -DoutputDirectory="$work/downloads")
  done
  cat > "$work/kafka/server.properties" <<PROPERTIES
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$((${broker#*:} + 1))
listeners=PLAINTEXT://$broker,CONTROLLER://127.0.0.1:$((${broker#*:} + 1))
controller.listener.names=CONTROLLER
log.dirs=$work/kafka/logs
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
PROPERTIES
  kafka kafka.tools.StorageTool format -t MkU3OEVBNTcwNTJENDM2Qk -c "$work/kafka/server.properties" > "$work/kafka/format.log" 2>&1
  java -Xmx512m -cp "$(kafka_classpath)" kafka.Kafka "$work/kafka/server.properties" > "$work/kafka/broker.log" 2>&1 &
  broker_pid=$!
  check "broker up" await_topic_list
}

kafka_classpath() {
  find "$project/job/target/lib" "$work/downloads" -name '*.jar' ! -name 'bytelm*' ! -name 'flink*' | paste -sd:
}
kafka() { java -cp "$(kafka_classpath)" "$@"; }

await_topic_list() {
  local attempt
  for attempt in $(seq 30); do
    timeout 30 java -cp "$(kafka_classpath)" org.apache.kafka.tools.TopicCommand --bootstrap-server "$broker" --list \
      >> "$work/kafka/topics.log" 2>&1 && return 0
    sleep 1
  done
  return 1
}

# The sessions' text in 12 pieces, cut inside words.
piece() {
  local text="It was in the year 1878 that he took his degree of doctor, and went on with the course prescribed for surgeons, but the evening "
  printf '%s' "${text:$(((${1} - 1) * 10)):10}"
}

send() { # topic, first piece, last piece, sessions...
  local topic=$1 first=$2 last=$3 number session
  shift 3
  for number in $(seq "$first" "$last"); do
    for session in "$@"; do printf '%s:%s\n' "$session" "$(piece "$number")"; done
  done | kafka org.apache.kafka.tools.ConsoleProducer --bootstrap-server "$broker" --topic "$topic" \
    --reader-property parse.key=true --reader-property key.separator=: >> "$work/kafka/producer.log" 2>&1
}

# Five records a second.
send_beats() { # topic, seconds
  local beat
  for beat in $(seq $(($2 * 5))); do
    echo "s$((beat % 4 + 1)):beat $beat "
    sleep 0.2
  done | kafka org.apache.kafka.tools.ConsoleProducer --bootstrap-server "$broker" --topic "$1" \
    --reader-property parse.key=true --reader-property key.separator=: >> "$work/kafka/producer.log" 2>&1
}

# Between two scores, by the time at which they were written.
longest_pause() { # what, topic, most seconds
  local pause
  pause=$(kafka org.apache.kafka.tools.consumer.ConsoleConsumer --bootstrap-server "$broker" --topic "$2" --from-beginning \
    --command-property isolation.level=read_committed --formatter-property print.timestamp=true --timeout-ms 10000 \
    2>> "$work/kafka/consumer.log" | tail -n +9 | grep -o 'CreateTime:[0-9]*' | cut -d: -f2 | sort -n |
    awk 'NR > 1 && $1 - last > longest { longest = $1 - last } { last = $1 } END { printf "%.1f", longest / 1000 }')
  if awk -v p="$pause" -v most="$3" 'BEGIN { exit !(p > 0 && p <= most) }'
  then row "$1" ok "$pause s"; else row "$1" FAILED "$pause s"; fi
}

# Reads the whole topic with a stock consumer until it holds so many committed scores, or the time is up.
await_scores() { # topic, count, seconds
  local deadline=$((SECONDS + $3)) file="$work/$1.json"
  while :; do
    kafka org.apache.kafka.tools.consumer.ConsoleConsumer --bootstrap-server "$broker" --topic "$1" --from-beginning \
      --command-property isolation.level=read_committed --max-messages "$2" --timeout-ms 10000 > "$file" 2>> "$work/kafka/consumer.log" || true
    [ "$(wc -l < "$file")" -ge "$2" ] && return 0
    [ "$SECONDS" -ge "$deadline" ] && return 1
  done
}

# Each session has each of its pieces' scores once and in order, with the numbers of the session that was not disturbed.
as_the_reference() { # topic, sessions, pieces
  kafka org.apache.kafka.tools.consumer.ConsoleConsumer --bootstrap-server "$broker" --topic "$1" --from-beginning \
    --command-property isolation.level=read_committed --timeout-ms 10000 > "$work/$1.json" 2>> "$work/kafka/consumer.log" || true
  sed -nE 's/.*"session":"([^"]*)".*"bytes":([0-9]+),"chunk_bytes.*,"log_likelihood":([-0-9.eE]+).*/\1 \2 \3/p' "$work/$1.json" |
    awk -v sessions="$2" -v pieces="$3" '
      $1 == "reference" { expected[++n] = $2 " " $3; next }
      { seen[$1]++; scores[$1, seen[$1]] = $2 " " $3 }
      END {
        if (n != pieces || length(seen) != sessions) { print "reference " n ", sessions " length(seen) > "/dev/stderr"; exit 1 }
        for (s in seen) {
          if (seen[s] != pieces) { print s " has " seen[s] " scores" > "/dev/stderr"; exit 1 }
          for (i = 1; i <= pieces; i++) {
            split(expected[i], e, " "); split(scores[s, i], g, " "); d = e[2] - g[2]
            if (e[1] != g[1] || d > 1e-4 || d < -1e-4) { print s " " scores[s, i] " instead of " expected[i] > "/dev/stderr"; exit 1 }
          }
        }
      }'
}

end_broker() {
  [ -z "$broker_pid" ] || kill "$broker_pid" 2>/dev/null || true
}
