package io.bytelm.job;

import io.bytelm.job.cli.BytelmCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** The command line, started with {@code java -jar bytelm.jar}. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the JVM with its exit code: 0, 1 for a failure, 2 for a wrong command line. */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int exitCode = BytelmCommand.run(args, out, err);
        out.flush();
        err.flush();
        System.exit(exitCode); // threads of Flink, Kafka and libtorch may still be there
    }
}
