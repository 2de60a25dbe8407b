package io.bytelm.job.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM of its own, known by its handle and ended by it: also when the tests' JVM ends early. */
final class ClusterProcess implements AutoCloseable {
    private final String name;
    private final Path log;
    private final Process process;
    private final Thread hook;

    private ClusterProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
        this.hook = new Thread(process::destroyForcibly, "end-" + name);
    }

    /**
     * Starts a process.
     *
     * @param log takes what it prints
     * @param environment variables besides those of this process
     */
    static ClusterProcess start(String name, Path log, List<String> command, Map<String, String> environment)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        ClusterProcess started = new ClusterProcess(name, log, builder.start());
        Runtime.getRuntime().addShutdownHook(started.hook);
        return started;
    }

    String name() {
        return name;
    }

    Path log() {
        return log;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL: no goodbye to anybody. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM: it may end in order; returns its exit code. */
    int terminate(long seconds) throws IOException, InterruptedException {
        signal("TERM");
        return awaitExit(seconds);
    }

    /** SIGSTOP: it holds its connections and does nothing. */
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** SIGCONT: it goes on as if no time had passed. */
    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        int exitCode = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (exitCode != 0) {
            throw new IOException("cannot send SIG" + signal + " to " + this);
        }
    }

    /** Waits for it to end by itself; its exit code, or a failure that names its log. */
    int awaitExit(long seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError(this + " has not ended within " + seconds + " s");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        Runtime.getRuntime().removeShutdownHook(hook);
        process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
    }

    @Override
    public String toString() {
        return name + " (pid " + process.pid() + ", log " + log + ")";
    }
}
