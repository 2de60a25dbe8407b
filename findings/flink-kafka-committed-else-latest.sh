#!/usr/bin/env bash
# flink-connector-kafka: "from the committed offset, else the end" loses records across a savepoint; "from the end" does not.
#
# What happens: OffsetsInitializer.latest() asks for the end offsets once and a savepoint holds them. With
#   committedOffsets(OffsetResetStrategy.LATEST) and a group that has committed nothing yet, a savepoint (or checkpoint)
#   has an offset only for partitions from which a record has been read; for a quiet one it has a mark, which is looked
#   up anew after the restore. Records that came to the quiet partition in between are skipped. No error.
# Expected: both begin at the end, both once: from the first savepoint on nothing is lost.
# Versions: flink-connector-kafka 5.0.0-2.2, Flink 2.2.1, Kafka 4.2.0 (broker and client), JDK 17.
# Output seen:
#   latest():                 before the savepoint p0 read, p1 quiet; written while stopped: p0 read, p1 read
#   committedOffsets(LATEST): before the savepoint p0 read, p1 quiet; written while stopped: p0 read, p1 LOST
# What it means: "exactly once from a savepoint" does not hold for a topic with a quiet partition, which is what a topic
#   keyed by session looks like. Wrap the initializer in one that turns the marks into offsets when the job first starts
#   (its PartitionOffsetsRetriever can ask for committed and end offsets).
#
# Starts one broker on the loopback interface, in the probe's own JVM; it ends with the probe, after 4 minutes at most.
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
    <dependency><groupId>org.apache.flink</groupId><artifactId>flink-connector-base</artifactId><version>2.2.1</version></dependency>
    <dependency><groupId>org.apache.flink</groupId><artifactId>flink-connector-kafka</artifactId><version>5.0.0-2.2</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.2.0</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
XML
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=lib
cat > Probe.java <<'JAVA'
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Time;

public class Probe {
    static final Set<String> READ = ConcurrentHashMap.newKeySet();

    static int port() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    static KafkaRaftServer broker(Path dir, int port, int controller) throws Exception {
        Properties p = new Properties();
        p.put("process.roles", "broker,controller");
        p.put("node.id", "1");
        p.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
        p.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller);
        p.put("controller.listener.names", "CONTROLLER");
        p.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.put("log.dirs", dir.resolve("data").toString());
        for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            p.put(topic + ".replication.factor", "1");
            p.put(topic + ".num.partitions", "1");
        }
        p.put("transaction.state.log.min.isr", "1");
        p.put("share.coordinator.state.topic.min.isr", "1");
        Path file = dir.resolve("server.properties");
        try (var out = Files.newOutputStream(file)) {
            p.store(out, null);
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        String cluster = org.apache.kafka.common.Uuid.randomUuid().toString();
        if (StorageTool.execute(new String[] {"format", "-t", cluster, "-c", file.toString()}, new PrintStream(said)) != 0) {
            throw new IllegalStateException(said.toString());
        }
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(p, false), Time.SYSTEM);
        server.startup();
        return server;
    }

    static JobClient start(String bootstrap, String topic, OffsetsInitializer offsets, String savepoint) throws Exception {
        Configuration c = new Configuration();
        if (savepoint != null) {
            c.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        }
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1, c);
        KafkaSource<String> source = KafkaSource.<String>builder().setBootstrapServers(bootstrap).setTopics(topic)
                .setGroupId("group-of-" + topic).setStartingOffsets(offsets)
                .setValueOnlyDeserializer(new SimpleStringSchema()).build();
        env.fromSource(source, WatermarkStrategy.noWatermarks(), "in").uid("in")
                .map(s -> {
                    READ.add(s);
                    return s;
                }).uid("map").sinkTo(new DiscardingSink<>()).uid("out");
        return env.executeAsync("probe");
    }

    static boolean read(String prefix) {
        return READ.stream().anyMatch(s -> s.startsWith(prefix));
    }

    /** Whether the record is read that came to the quiet partition while the job was stopped. */
    static boolean kept(String name, String bootstrap, String topic, OffsetsInitializer offsets, Path dir) throws Exception {
        READ.clear();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
                KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrap), new StringSerializer(), new StringSerializer())) {
            admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get(30, TimeUnit.SECONDS);
            JobClient job = start(bootstrap, topic, offsets, null);
            for (int i = 0; i < 300 && !read("p0-a"); i++) { // one reader has both partitions: p1 is assigned too
                producer.send(new ProducerRecord<>(topic, 0, null, "p0-a" + i)).get();
                Thread.sleep(200);
            }
            String savepoint = job.stopWithSavepoint(false, dir.toUri().toString(), SavepointFormatType.CANONICAL)
                    .get(60, TimeUnit.SECONDS);
            producer.send(new ProducerRecord<>(topic, 0, null, "p0-b")).get();
            producer.send(new ProducerRecord<>(topic, 1, null, "p1-b")).get();
            job = start(bootstrap, topic, offsets, savepoint);
            for (int i = 0; i < 300 && !(read("p0-c") && read("p1-c")); i++) {
                producer.send(new ProducerRecord<>(topic, 0, null, "p0-c" + i)).get();
                producer.send(new ProducerRecord<>(topic, 1, null, "p1-c" + i)).get();
                Thread.sleep(200);
            }
            job.cancel().get(60, TimeUnit.SECONDS);
        }
        if (!read("p0-a") || !read("p0-b") || !read("p0-c") || !read("p1-c")) {
            throw new IllegalStateException("the probe itself did not work: " + READ);
        }
        System.out.println(name + " before the savepoint p0 read, p1 quiet; written while stopped: p0 read, p1 "
                + (read("p1-b") ? "read" : "LOST"));
        return read("p1-b");
    }

    public static void main(String[] args) throws Exception {
        Path dir = Path.of(args[0]);
        int port = port();
        String bootstrap = "127.0.0.1:" + port;
        KafkaRaftServer server = broker(Files.createDirectories(dir.resolve("kafka")), port, port());
        boolean latest = kept("latest():                ", bootstrap, "one", OffsetsInitializer.latest(), dir.resolve("one"));
        boolean committed = kept("committedOffsets(LATEST):", bootstrap, "two",
                OffsetsInitializer.committedOffsets(OffsetResetStrategy.LATEST), dir.resolve("two"));
        server.shutdown();
        boolean same = latest && !committed;
        System.out.println(same ? "AS SEEN BEFORE: the quiet partition's record is lost" : "CHANGED: look at this again");
        System.exit(same ? 0 : 1);
    }
}
JAVA
javac -cp 'lib/*' -d classes Probe.java
echo "flink-connector-kafka 5.0.0-2.2, Flink 2.2.1, Kafka 4.2.0"
timeout 240 java -Xmx1g --add-opens=java.base/java.util=ALL-UNNAMED --add-opens=java.base/java.lang=ALL-UNNAMED \
    --add-opens=java.base/java.time=ALL-UNNAMED -cp 'classes:lib/*' Probe "$dir"
