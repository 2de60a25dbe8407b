package io.bytelm.job.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.kafka.SaslBroker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job must be allowed on a broker that allows nothing else, and how it logs in: the README's list. */
class AccessRightsIT {
    /** Without these no job starts. */
    private static final List<String> NEEDED = List.of(
            "TOPIC LITERAL in READ",
            "TOPIC LITERAL out WRITE",
            "TOPIC LITERAL rejected WRITE",
            "GROUP LITERAL guarded READ",
            "TRANSACTIONAL_ID PREFIXED guarded: WRITE",
            "TRANSACTIONAL_ID PREFIXED guarded: DESCRIBE");

    /** Without these a job takes Kafka's defaults for limits. */
    private static final List<String> OF_LIMITS = List.of(
            "TOPIC LITERAL out DESCRIBE_CONFIGS",
            "TOPIC LITERAL rejected DESCRIBE_CONFIGS",
            "CLUSTER LITERAL kafka-cluster DESCRIBE_CONFIGS");

    /** A variable that every process has: its value is the password here. */
    private static final String VARIABLE = "HOME";

    @TempDir
    private static Path directory;

    private static SaslBroker broker;

    @BeforeAll
    static void startBroker() throws Exception {
        String password = System.getenv(VARIABLE);
        assertThat(password).isNotBlank();
        broker = SaslBroker.start(
                directory.resolve("kafka"), Map.of("small", password, "full", password, "nobody", password));
        broker.createTopics(List.of("in", "out", "rejected"));
        broker.grant("small", NEEDED);
        broker.grant("full", NEEDED);
        broker.grant("full", OF_LIMITS);
        broker.write("in", "letter".getBytes(UTF_8), "and".getBytes(UTF_8), Map.of());
        broker.write("in", "letter".getBytes(UTF_8), "and".getBytes(UTF_8), Map.of("bytelm.op", "nonsense"));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void theReadmesListIsEnoughAndThePasswordIsReadFromTheEnvironment() {
        CommandRun small = score("small", "--start", "earliest");
        assertThat(small.err()).isEmpty();
        assertThat(small.exitCode()).isZero();
        assertThat(broker.committed("out")).isEqualTo(1);
        assertThat(broker.committed("rejected")).isEqualTo(1);

        CommandRun full = score("full", "--start", "earliest");
        assertThat(full.exitCode()).isZero();
        assertThat(broker.committed("out")).isEqualTo(2);
    }

    @Test
    void whoMayDoNothingIsToldInOneLineWithoutThePassword() {
        CommandRun nobody = score("nobody");

        assertThat(nobody.exitCode()).isEqualTo(1);
        assertThat(nobody.err())
                .hasLineCount(1)
                .contains("bytelm: the broker at " + broker.bootstrap() + " ")
                .doesNotContain("password");
    }

    @Test
    void aWrongPasswordIsToldInOneLineWithoutIt() {
        CommandRun wrong = run("small", "password-of-somebody-else");

        assertThat(wrong.exitCode()).isEqualTo(1);
        assertThat(wrong.err())
                .hasLineCount(1)
                .contains("Authentication failed")
                .doesNotContain("password-of-somebody-else");
    }

    private static CommandRun score(String user, String... more) {
        return run(user, "${env:" + VARIABLE + "}", more);
    }

    private static CommandRun run(String user, String password, String... more) {
        List<String> args = new ArrayList<>(List.of(
                "score",
                "--bootstrap",
                broker.bootstrap(),
                "--in",
                "in",
                "--out",
                "out",
                "--dead-letters",
                "rejected",
                "--group",
                "guarded",
                "--bounded",
                "--parallelism",
                "1"));
        SaslBroker.clientProperties(user, password).forEach((name, value) -> {
            args.add("--kafka");
            args.add(name + "=" + value);
        });
        args.addAll(List.of(more));
        return CommandRun.of(args);
    }
}
