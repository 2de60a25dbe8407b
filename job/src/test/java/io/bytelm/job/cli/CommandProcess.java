package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A command in a JVM of its own, which ends with the test's. */
final class CommandProcess implements AutoCloseable {
    private final Process process;
    private final Path log;
    private final long startedNanos = System.nanoTime();

    private CommandProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** @param log takes what it prints; temporary files lie beside it */
    static CommandProcess start(List<String> command, Path log) throws IOException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-"))
                .forEach(line::add);
        line.add("-Djava.io.tmpdir=" + log.toAbsolutePath().getParent()); // a killed process leaves everything there
        line.addAll(List.of("-Xmx1g", "-Dai.djl.offline=true", "-Dlog4j2.configurationFile=log4j2.properties", "-cp"));
        line.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        line.add(Main.class.getName());
        line.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile());
        return new CommandProcess(builder.start(), log);
    }

    /** Fails if it has ended by itself. */
    void requireAlive() throws IOException {
        assertThat(process.isAlive()).as("it has ended: %s", printed()).isTrue();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM; returns its exit code. */
    int terminate(long patienceSeconds) throws IOException, InterruptedException {
        process.destroy();
        assertThat(process.waitFor(patienceSeconds, TimeUnit.SECONDS))
                .as("it does not end: %s", printed())
                .isTrue();
        return process.exitValue();
    }

    /** Waits until it prints a text of this form; returns what its first group holds. */
    String await(Pattern text, long patienceSeconds) throws IOException, InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(patienceSeconds);
        while (true) {
            Matcher found = text.matcher(printed());
            if (found.find()) {
                return found.group(1);
            }
            requireAlive();
            assertThat(System.nanoTime()).as("not printed: %s", text).isLessThan(deadlineNanos);
            Thread.sleep(20);
        }
    }

    /** Waits for its end, which is to be a good one; returns how long it ran. */
    double awaitSuccess(long patienceSeconds) throws IOException, InterruptedException {
        boolean ended = process.waitFor(patienceSeconds, TimeUnit.SECONDS);
        assertThat(ended).as("it goes on and on: %s", printed()).isTrue();
        assertThat(process.exitValue()).as("%s", printed()).isZero();
        return (System.nanoTime() - startedNanos) / 1e9;
    }

    /** Whether it went on from a checkpoint of an earlier process. */
    boolean resumed() throws IOException {
        return printed().contains("going on from checkpoint chk-");
    }

    String printed() throws IOException {
        return Files.readString(log);
    }

    /** The complete checkpoints of a run that is not complete. */
    static List<Path> checkpoints(Path out) throws IOException {
        if (!Files.exists(out)) {
            return List.of();
        }
        try (Stream<Path> found = Files.walk(out)) {
            return found.filter(path -> path.endsWith("_metadata")).toList();
        } catch (UncheckedIOException filesComeAndGo) {
            return List.of();
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
