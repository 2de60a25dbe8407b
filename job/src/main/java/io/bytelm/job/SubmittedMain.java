package io.bytelm.job;

import io.bytelm.job.check.SharedJars;
import io.bytelm.job.cli.BytelmCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * The command line as {@code flink run bytelm-job.jar score ...} starts it. It never ends the JVM, which may be the
 * JobManager's, and reports a failure as an exception.
 */
public final class SubmittedMain {
    private SubmittedMain() {}

    /** @throws UserException if the command failed; the message is its error line */
    public static void main(String[] args) {
        SharedJars.complaint(SubmittedMain.class.getClassLoader()).ifPresent(line -> {
            throw new UserException(line);
        });
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        HeardErrors errors = new HeardErrors(System.err);
        int exitCode = BytelmCommand.run(args, out, new PrintWriter(errors, true));
        out.flush();
        if (exitCode != 0) {
            String error = errors.error();
            throw new UserException(error.isEmpty() ? "bytelm: there are findings, see the lines above" : error);
        }
    }
}
