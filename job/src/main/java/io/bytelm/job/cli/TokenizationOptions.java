package io.bytelm.job.cli;

import io.bytelm.job.UserException;
import io.bytelm.job.likelihood.scoring.CanonicalScoring;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which tokenizations of a text are read. */
final class TokenizationOptions {
    /** What has no meaning where every canonical tokenization is followed. */
    private static final List<String> OF_THE_BEAM =
            List.of("--k", "--prune", "--heal", "--heal-max-backoff", "--heal-max-splits");

    private static final String DEFER = "--defer";

    /** Which are read. */
    enum Which {
        ALL,
        CANONICAL
    }

    @Option(
            names = "--tokenizations",
            paramLabel = "WHICH",
            order = 198,
            defaultValue = "all",
            description = "Which tokenizations of a text are read: all, by a beam, or canonical: those alone that the"
                    + " model's own tokenizer writes, all of them. Default: ${DEFAULT-VALUE}.")
    private Which which;

    @Option(
            names = DEFER,
            paramLabel = "THETA",
            order = 199,
            description =
                    "With canonical tokenizations, and a score for every byte: leave out contexts with at most this"
                            + " share of the probability for as long as it is no more. The result is certified to lie from"
                            + " log_likelihood to log_likelihood_upper. Default: 0 (exact).")
    private @Nullable Double defer;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    boolean areCanonical() {
        return which == Which.CANONICAL;
    }

    /**
     * How canonical tokenizations are followed; null for all tokenizations.
     *
     * @param everyByte whether every byte has a score of its own
     * @throws UserException if an option has no meaning beside another one
     */
    @Nullable
    CanonicalScoring canonical(boolean everyByte) {
        if (!areCanonical()) {
            require(
                    defer == null,
                    DEFER + " is for --tokenizations canonical; for all tokenizations --prune leaves out");
            return null;
        }
        for (String option : OF_THE_BEAM) {
            require(
                    !isGiven(option),
                    option
                            + " is for the beam over all tokenizations; with --tokenizations canonical nothing is dropped"
                            + " and nothing is healed: leave it out");
        }
        require(
                everyByte || defer == null,
                DEFER
                        + " is for scores of every byte (--byte-logprobs); a document's log-likelihood alone is exact, and"
                        + " takes one context a token");
        try {
            return new CanonicalScoring(defer == null ? 0 : defer);
        } catch (IllegalArgumentException e) {
            throw new UserException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new UserException(message);
        }
    }

    /** On the command line: a file of options stands for defaults, and lists all of them. */
    private boolean isGiven(String name) {
        return command.commandLine().getParseResult().hasMatchedOption(name);
    }
}
