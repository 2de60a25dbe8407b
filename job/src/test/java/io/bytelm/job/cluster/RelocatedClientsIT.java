package io.bytelm.job.cluster;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.kafka.SaslBroker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** bytelm-job.jar as {@code flink run} loads it, where Kafka's clients have other names than their documentation says. */
class RelocatedClientsIT {
    private static final long PATIENCE_SECONDS = 240;
    private static final int MEGABYTES = 768;

    /** A variable that every process has: its value is the password here. */
    private static final String VARIABLE = "HOME";

    private static final String IN_THE_JAR =
            "io/bytelm/shaded/kafka/common/config/internals/BrokerSecurityConfigs.class";

    @TempDir
    private static Path directory;

    private static SaslBroker broker;
    private static Installation installation;

    /** A class of a user. */
    public static final class OwnPartitioner extends RoundRobinPartitioner {}

    @BeforeAll
    static void startBroker() throws Exception {
        installation = Installation.in("relocated-clients");
        installation.writeFlinkConfiguration(Configuration.fromMap(Map.of(
                "parallelism.default",
                "1",
                "execution.checkpointing.dir",
                installation.directory("checkpoints").toUri().toString())));
        broker = SaslBroker.start(directory, Map.of("job", System.getenv(VARIABLE)));
        broker.createTopics(List.of("in", "out"));
        broker.grant(
                "job",
                List.of(
                        "TOPIC LITERAL in READ",
                        "TOPIC LITERAL out WRITE",
                        "GROUP LITERAL bytelm READ",
                        "TRANSACTIONAL_ID PREFIXED bytelm: WRITE",
                        "TRANSACTIONAL_ID PREFIXED bytelm: DESCRIBE"));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void aLoginIsGivenByTheNamesThatKafkasDocumentationHas() throws Exception {
        broker.write("in", "letter".getBytes(UTF_8), "and".getBytes(UTF_8), Map.of());

        assertThat(submit("login", List.of())).as(() -> log("login")).isZero();
        assertThat(broker.committed("out")).isEqualTo(1);
    }

    @Test
    void aClassThatWasBuiltForThoseNamesIsRefusedWithWhatToDo() throws Exception {
        Path jar = ClassesJar.write(installation.directory("user/own.jar"), List.of(OwnPartitioner.class), Map.of());

        assertThat(submit(
                        "own-class",
                        List.of("--classpath", jar.toUri().toString()),
                        "--kafka",
                        "partitioner.class=" + OwnPartitioner.class.getName()))
                .isNotZero();
        assertThat(log("own-class"))
                .contains(OwnPartitioner.class.getName() + ", which was built for org.apache.kafka;")
                .contains("io.bytelm.shaded.kafka");
    }

    @Test
    void theNamesOfSystemPropertiesAreThoseThatPeopleSet() throws IOException {
        try (JarFile jar = new JarFile(Installation.jobJar().toFile());
                InputStream in = jar.getInputStream(jar.getEntry(IN_THE_JAR))) {
            assertThat(new String(in.readAllBytes(), ISO_8859_1))
                    .contains("org.apache.kafka.sasl.oauthbearer.allowed.urls")
                    .contains("io.bytelm.shaded.kafka.common.security.oauthbearer.")
                    .doesNotContain("io.bytelm.shaded.kafka.sasl");
        }
    }

    private static int submit(String name, List<String> flink, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("run", "--target", "local"));
        arguments.addAll(flink);
        arguments.add(Installation.jobJar().toString());
        arguments.addAll(
                List.of("score", "--bootstrap", broker.bootstrap(), "--in", "in", "--out", "out", "--bounded"));
        SaslBroker.clientProperties("job", "${env:" + VARIABLE + "}").forEach((setting, value) -> {
            arguments.add("--kafka");
            arguments.add(setting + "=" + value);
        });
        arguments.addAll(List.of(more));
        try (ClusterProcess client = installation.startFlink(
                name, MEGABYTES, "org.apache.flink.client.cli.CliFrontend", arguments.toArray(String[]::new))) {
            return client.awaitExit(PATIENCE_SECONDS);
        }
    }

    private static String log(String name) {
        try {
            return Files.readString(installation.directory("log").resolve(name + ".log"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
