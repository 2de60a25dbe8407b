package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.kafka.BrokerCheck;
import io.bytelm.job.kafka.BrokerExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What {@code --check} prints for jobs in this process. */
class StartCheckIT {
    @TempDir
    private static Path directory;

    @RegisterExtension
    static final BrokerExtension BROKER = new BrokerExtension();

    @BeforeAll
    static void prepare() {
        new BrokerCheck(BROKER.bootstrap(), Map.of()).createMissingTopics(List.of("in", "out"), Optional.of(1));
    }

    private static CommandRun score(String... more) {
        List<String> arguments = new ArrayList<>(List.of("score", "--check", "--bootstrap"));
        arguments.add(BROKER.bootstrap());
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments);
    }

    @Test
    void aJobThatCanStartGetsALineForEachThingAndExitCodeZero() {
        CommandRun run = score("--in", "in", "--out", "out", "--cache-mb", "64", "--tokenizations", "canonical");

        assertThat(run.exitCode()).as("%s", run).isZero();
        assertThat(run.out().lines())
                .allMatch(line -> line.startsWith("ok "))
                .anyMatch(line -> line.startsWith("ok       model: tiny-en in "))
                .anyMatch(line -> line.equals("ok       canonical tokenizations: those of tiny-en are followed"))
                .anyMatch(line -> line.startsWith("ok       checkpoints: file:"))
                .anyMatch(line -> line.startsWith("ok       heap: this process may have "))
                .anyMatch(line -> line.startsWith("ok       broker: answers at " + BROKER.bootstrap()))
                .anyMatch(line -> line.startsWith("ok       topics: in, out are there"))
                .anyMatch(line -> line.startsWith("ok       topic 'in': "))
                .anyMatch(line -> line.startsWith("ok       limits: "));
    }

    @Test
    void allFindingsArePrintedAndTheExitCodeIsOne() {
        CommandRun run = score(
                "--in",
                "in",
                "--out",
                "missing",
                "--model",
                directory.resolve("no-model").toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out().lines())
                .anyMatch(line -> line.startsWith("finding  model: " + directory.resolve("no-model")))
                .anyMatch(line -> line.startsWith("finding  topics: the broker at ")
                        && line.contains("has no topic 'missing'; create it with --create-topics"));
    }

    @Test
    void topicsAreNotCreatedByACheck() {
        CommandRun run = score("--in", "in", "--out", "not-yet", "--create-topics");

        assertThat(run.exitCode()).as("%s", run).isZero();
        assertThat(run.out()).contains("not-yet would be created by --create-topics");
        assertThat(new BrokerCheck(BROKER.bootstrap(), Map.of()).missingTopics(List.of("not-yet")))
                .containsExactly("not-yet");
    }

    @Test
    void aBrokerThatIsNotThereIsAFinding() {
        CommandRun run = CommandRun.of(
                "score", "--check", "--bootstrap", "localhost:1", "--in", "in", "--out", "out", "--cache-mb", "64");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("finding  broker: no Kafka broker answers at localhost:1");
    }

    @Test
    void likelihoodHasTheSameCheckAndWritesNothing() throws IOException {
        Path in = Files.writeString(directory.resolve("in.txt"), "Once upon a time\n");
        Path out = directory.resolve("scores");

        CommandRun run = CommandRun.of(
                "likelihood",
                "--check",
                "--in",
                in.toString(),
                "--by",
                "line",
                "--out",
                out.toString(),
                "--threads",
                "1");

        assertThat(run.exitCode()).as("%s", run).isZero();
        assertThat(run.out()).contains("ok       model: ").contains("ok       checkpoints: " + out.toUri());
        assertThat(out).doesNotExist();
    }
}
