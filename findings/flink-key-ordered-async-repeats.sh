#!/usr/bin/env bash
# Flink SQL's key-ordered asynchronous operator asks again for, and emits again, what it had finished before a savepoint.
#
# What happens: TableKeyedAsyncWaitOperator (made for table.exec.async-lookup.key-ordered-enabled; here in a job of its
#   own) keeps the records in flight in keyed state. A record that was in flight at one checkpoint and is finished before
#   the next is still in the next one's state. After a restore from that one the function is called for it again and its
#   result is emitted a second time.
# Expected: what is emitted before a checkpoint is not emitted again after a restore from it (exactly once).
# Versions: Flink 2.2.1 (flink-table-runtime), JDK 17.
# Output seen:
#   savepoint 1 while a:0 is in flight, then a:0 is answered; emitted: [a:0]; savepoint 2, stop
#   restored from savepoint 2; asked again: [a:0]; emitted: [a:0, a:1]
# What it means: this operator can't carry an exactly-once pipeline. An operator that keeps its requests in keyed state
#   has to clear the keys that have drained at each snapshot, and its tests need two checkpoints before the restore.
#
# Exits 0 while this still is so, 1 when it has changed.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat > pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId><artifactId>probe</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.flink</groupId><artifactId>flink-streaming-java</artifactId><version>2.2.1</version></dependency>
    <dependency><groupId>org.apache.flink</groupId><artifactId>flink-clients</artifactId><version>2.2.1</version></dependency>
    <dependency><groupId>org.apache.flink</groupId><artifactId>flink-connector-datagen</artifactId><version>2.2.1</version></dependency>
    <dependency><groupId>org.apache.flink</groupId><artifactId>flink-table-runtime</artifactId><version>2.2.1</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
XML
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=lib
cat > Probe.java <<'JAVA'
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.async.AsyncFunction;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.table.runtime.operators.TableKeyedAsyncWaitOperatorFactory;

public class Probe {
    static final Map<String, ResultFuture<String>> ASKED = new ConcurrentHashMap<>();
    static final List<String> EMITTED = new CopyOnWriteArrayList<>();

    static class Ask implements AsyncFunction<String, String> {
        @Override
        public void asyncInvoke(String in, ResultFuture<String> answer) {
            ASKED.put(in, answer);
        }
    }

    static JobClient start(String savepoint) throws Exception {
        Configuration c = new Configuration();
        if (savepoint != null) {
            c.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        }
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1, c);
        GeneratorFunction<Long, String> generator = i -> "a:" + i; // one record at the start, the next minutes later
        KeySelector<String, String> key = s -> s.substring(0, 1);
        env.fromSource(new DataGeneratorSource<>(generator, 1000, RateLimiterStrategy.perSecond(0.005), Types.STRING),
                        WatermarkStrategy.noWatermarks(), "in").uid("in")
                .keyBy(key, Types.STRING)
                .transform("ask", Types.STRING, new TableKeyedAsyncWaitOperatorFactory<>(new Ask(), key, 0L, 10)).uid("ask")
                .map(s -> {
                    EMITTED.add(s);
                    return s;
                }).uid("map").sinkTo(new DiscardingSink<>()).uid("out");
        return env.executeAsync("probe");
    }

    static void await(BooleanSupplier done) throws Exception {
        for (int i = 0; i < 600 && !done.getAsBoolean(); i++) {
            Thread.sleep(100);
        }
        if (!done.getAsBoolean()) {
            throw new IllegalStateException("the probe itself did not work: asked " + ASKED.keySet() + ", emitted " + EMITTED);
        }
    }

    public static void main(String[] args) throws Exception {
        String dir = Path.of(args[0]).resolve("savepoints").toUri().toString();
        JobClient job = start(null);
        await(() -> ASKED.containsKey("a:0"));
        job.triggerSavepoint(dir, SavepointFormatType.CANONICAL).get(60, TimeUnit.SECONDS);
        ASKED.get("a:0").complete(List.of("a:0"));
        await(() -> EMITTED.contains("a:0"));
        String second = job.stopWithSavepoint(false, dir, SavepointFormatType.CANONICAL).get(60, TimeUnit.SECONDS);
        System.out.println("savepoint 1 while a:0 is in flight, then a:0 is answered; emitted: " + EMITTED + "; savepoint 2, stop");
        ASKED.clear();
        EMITTED.clear();
        job = start(second);
        boolean again = false;
        for (int i = 0; i < 300 && !EMITTED.contains("a:1"); i++) {
            if (ASKED.containsKey("a:0") && !again) {
                again = true;
                ASKED.get("a:0").complete(List.of("a:0"));
            }
            if (ASKED.containsKey("a:1")) {
                ASKED.get("a:1").complete(List.of("a:1"));
            }
            Thread.sleep(100);
        }
        await(() -> EMITTED.contains("a:1"));
        job.cancel().get(60, TimeUnit.SECONDS);
        System.out.println("restored from savepoint 2; asked again: " + (again ? "[a:0]" : "[]") + "; emitted: " + EMITTED);
        boolean same = again && EMITTED.equals(List.of("a:0", "a:1"));
        System.out.println(same ? "AS SEEN BEFORE: a finished record comes again" : "CHANGED: look at this again");
        System.exit(same ? 0 : 1);
    }
}
JAVA
javac -cp 'lib/*' -d classes Probe.java
echo "Flink 2.2.1"
timeout 240 java -Xmx1g --add-opens=java.base/java.util=ALL-UNNAMED --add-opens=java.base/java.lang=ALL-UNNAMED \
    --add-opens=java.base/java.time=ALL-UNNAMED -cp 'classes:lib/*' Probe "$dir"
