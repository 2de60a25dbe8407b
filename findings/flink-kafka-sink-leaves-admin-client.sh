#!/usr/bin/env bash
# flink-connector-kafka: with pooled transaction names each exactly-once writer leaves a Kafka admin client running.
#
# What happens: TransactionNamingStrategy.POOLING makes the writer ask the broker for open transactions, with an admin
#   client of its own. It is not closed with the writer: its thread and its connection stay after the job has finished.
#   The default, INCREMENTING, leaves none.
# Expected: that a sink closes what it opens.
# Versions: flink-connector-kafka 5.0.0-2.2, Flink 2.2.1, Kafka 4.2.0 (broker and client), JDK 17.
# Output seen:
#   INCREMENTING: 3 jobs have finished, admin clients still running: 0
#   POOLING: 3 jobs have finished, admin clients still running: 3
# What it means: a TaskManager that lives longer than its jobs gathers a thread and a broker connection with each writer
#   that starts on it, restarts included. Watch the count of threads named kafka-admin-client-thread; where jobs restart
#   often and names are pooled, give each job TaskManagers of its own.
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
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.utils.Time;

public class Probe {
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

    static long admins() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.isAlive() && t.getName().startsWith("kafka-admin-client-thread")).count();
    }

    static long left(String bootstrap, TransactionNamingStrategy naming) throws Exception {
        long before = admins();
        for (int i = 0; i < 3; i++) {
            Configuration c = new Configuration();
            StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1, c);
            KafkaSink<String> sink = KafkaSink.<String>builder().setBootstrapServers(bootstrap)
                    .setRecordSerializer(KafkaRecordSerializationSchema.<String>builder().setTopic("out")
                            .setValueSerializationSchema(new SimpleStringSchema()).build())
                    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE).setTransactionalIdPrefix(naming.name())
                    .setTransactionNamingStrategy(naming).setProperty("transaction.timeout.ms", "60000").build();
            env.fromData("a", "b").sinkTo(sink);
            env.execute();
        }
        Thread.sleep(3000);
        long left = admins() - before;
        System.out.println(naming + ": 3 jobs have finished, admin clients still running: " + left);
        return left;
    }

    public static void main(String[] args) throws Exception {
        Path dir = Path.of(args[0]);
        int port = port();
        String bootstrap = "127.0.0.1:" + port;
        KafkaRaftServer server = broker(Files.createDirectories(dir.resolve("kafka")), port, port());
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic("out", 1, (short) 1))).all().get(30, TimeUnit.SECONDS);
        }
        long incrementing = left(bootstrap, TransactionNamingStrategy.INCREMENTING);
        long pooling = left(bootstrap, TransactionNamingStrategy.POOLING);
        server.shutdown();
        boolean same = incrementing == 0 && pooling == 3;
        System.out.println(same ? "AS SEEN BEFORE: a finished job leaves its admin client running" : "CHANGED: look at this again");
        System.exit(same ? 0 : 1);
    }
}
JAVA
javac -cp 'lib/*' -d classes Probe.java
echo "flink-connector-kafka 5.0.0-2.2, Flink 2.2.1, Kafka 4.2.0"
timeout 240 java -Xmx1g --add-opens=java.base/java.util=ALL-UNNAMED --add-opens=java.base/java.lang=ALL-UNNAMED \
    --add-opens=java.base/java.time=ALL-UNNAMED -cp 'classes:lib/*' Probe "$dir"
