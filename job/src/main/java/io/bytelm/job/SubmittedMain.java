package io.bytelm.job;

import io.bytelm.job.cli.BytelmCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The command line as {@code flink run bytelm-job.jar score ...} starts it. It never ends the JVM, which may be the
 * JobManager's, and reports a failure as an exception.
 */
public final class SubmittedMain {
    private SubmittedMain() {}

    private static final String SHARED_CLASS = "io.bytelm.service.SharedService";

    /** @throws UserException if the command failed; the message is its error line */
    public static void main(String[] args) {
        requireSharedClasses();
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        StringWriter errors = new StringWriter();
        int exitCode = BytelmCommand.run(args, out, new PrintWriter(errors, true));
        out.flush();
        if (exitCode != 0) {
            throw new UserException(errors.toString().strip());
        }
    }

    /** What every job of a process shares is not in the job's jar, and must be of the same build. */
    private static void requireSharedClasses() {
        String remedy = "; run java -jar bytelm.jar install --flink DIR on every machine, and start Flink again";
        try {
            ClassLoader loader = SubmittedMain.class.getClassLoader();
            Package shared = Class.forName(SHARED_CLASS, false, loader).getPackage();
            String here = SubmittedMain.class.getPackage().getImplementationVersion();
            if (!Objects.equals(here, shared.getImplementationVersion())) {
                throw new UserException("Flink's lib directory holds bytelm-engine.jar of version "
                        + shared.getImplementationVersion() + ", but this job is of version " + here + remedy);
            }
        } catch (ClassNotFoundException e) {
            throw new UserException("Flink's lib directory has no bytelm-engine.jar" + remedy, e);
        }
    }
}
