package io.bytelm.job.cli;

import io.bytelm.job.UserException;
import io.bytelm.job.likelihood.scoring.CanonicalScoring;
import io.bytelm.record.Tokenizations;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which tokenizations of a document are read. */
final class TokenizationOptions {
    @Option(
            names = MeaninglessOptions.TOKENIZATIONS,
            paramLabel = "WHICH",
            order = 198,
            defaultValue = "all",
            description = "Which tokenizations of a text are read: all, by a beam, or canonical: those alone that the"
                    + " model's own tokenizer writes, all of them. Default: ${DEFAULT-VALUE}.")
    private Tokenizations which;

    @Option(
            names = MeaninglessOptions.DEFER,
            paramLabel = "THETA",
            order = 199,
            description =
                    "With canonical tokenizations, and a score for every byte: leave out contexts with at most this"
                            + " share of the probability for as long as it is no more. The result is certified to lie from"
                            + " log_likelihood to log_likelihood_upper. Default: 0 (exact).")
    private @Nullable Double defer;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /**
     * How canonical tokenizations are followed; null for all tokenizations.
     *
     * @param everyByte whether every byte has a score of its own
     * @throws UserException if an option has no meaning beside another one, or is out of its range
     */
    @Nullable
    CanonicalScoring canonical(boolean everyByte) {
        MeaninglessOptions.refuse(which, command);
        if (which == Tokenizations.ALL) {
            return null;
        }
        if (!everyByte && MeaninglessOptions.isDeferChosen(command)) {
            throw new UserException(MeaninglessOptions.DEFER
                    + " is for scores of every byte (--byte-logprobs, --spans); a document's log-likelihood alone is exact, and"
                    + " takes one context a token");
        }
        try {
            return new CanonicalScoring(defer == null ? 0 : defer);
        } catch (IllegalArgumentException e) {
            throw new UserException(String.valueOf(e.getMessage()), e);
        }
    }
}
