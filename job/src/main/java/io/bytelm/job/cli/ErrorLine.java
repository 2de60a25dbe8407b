package io.bytelm.job.cli;

import io.bytelm.constraint.ConstraintException;
import io.bytelm.job.UserException;
import io.bytelm.lm.ModelException;
import io.bytelm.service.NoCanonicalTokenizationsException;
import io.bytelm.service.ServiceRefusedException;
import io.bytelm.vocab.VocabularyException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns any failure into one line for the user. */
final class ErrorLine {
    private static final int FAILED = 1;

    private ErrorLine() {}

    static int onWrongCommandLine(ParameterException e, String[] args) {
        CommandLine commandLine = e.getCommandLine();
        String line = e.getMessage() + " (try: " + commandLine.getCommandSpec().qualifiedName() + " --help)";
        commandLine.getErr().println("bytelm: " + oneLine(line));
        return commandLine.getCommandSpec().exitCodeOnInvalidInput();
    }

    static int onFailure(Exception e, CommandLine commandLine, @Nullable ParseResult parsed) {
        return print(commandLine.getErr(), e, parsed != null && CommonOptions.areVerboseIn(parsed));
    }

    static int print(PrintWriter err, Throwable failure, boolean verbose) {
        Throwable told = firstForUsers(failure);
        if (told != null) {
            err.println("bytelm: " + oneLine(String.valueOf(told.getMessage())));
        } else {
            Throwable root = rootOf(failure);
            err.println("bytelm: unexpected failure: " + oneLine(root.toString())
                    + (verbose ? "" : " (--verbose shows where)"));
        }
        if (verbose) {
            failure.printStackTrace(err);
        }
        return FAILED;
    }

    /** The outermost cause whose message was written for users; Flink wraps what a job threw several times. */
    private static @Nullable Throwable firstForUsers(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof UserException
                    || at instanceof ModelException
                    || at instanceof VocabularyException
                    || at instanceof ConstraintException
                    || at instanceof NoCanonicalTokenizationsException
                    || at instanceof ServiceRefusedException) {
                return at;
            }
        }
        return null;
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable at = failure;
        while (at.getCause() != null) {
            at = at.getCause();
        }
        return at;
    }

    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}
