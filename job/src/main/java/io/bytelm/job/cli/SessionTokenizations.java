package io.bytelm.job.cli;

import io.bytelm.job.UserException;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.Tokenizations;
import io.bytelm.service.NoCanonicalTokenizationsException;
import io.bytelm.service.TrieLmService;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Over which tokenizations of their texts sessions sum that do not say so themselves. */
final class SessionTokenizations {
    @Option(
            names = MeaninglessOptions.TOKENIZATIONS,
            paramLabel = "WHICH",
            order = 198,
            defaultValue = "all",
            description =
                    "Over which tokenizations a text sums: all, with a beam, or canonical: those that the model's own"
                            + " tokenizer would write. Default: ${DEFAULT-VALUE}.")
    private Tokenizations tokenizations;

    @Option(
            names = MeaninglessOptions.DEFER,
            paramLabel = "THETA",
            order = 199,
            description =
                    "With canonical tokenizations: do not evaluate a context while its share of the probability is at"
                            + " most this, or where text is drawn of what is allowed next; the log-likelihood then lies"
                            + " between two ends, and what is drawn leaves such contexts out. Default: 0 (exact).")
    private @Nullable Double defer;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** @throws UserException if an option means nothing beside another one, or is out of its range */
    SessionDefaults applyTo(SessionDefaults defaults) {
        MeaninglessOptions.refuse(tokenizations, command);
        try {
            return defaults.withTokenizations(tokenizations, defer == null ? 0 : defer);
        } catch (IllegalArgumentException e) {
            throw new UserException(MeaninglessOptions.DEFER + ": " + e.getMessage(), e);
        }
    }

    /** @throws UserException if something is deferred, which several models cannot */
    static void refuseDeferring(SessionDefaults defaults) {
        if (defaults.defer() > 0) {
            throw deferringSeveral();
        }
    }

    /** Something is deferred, which several models cannot. */
    static UserException deferringSeveral() {
        return new UserException(MeaninglessOptions.DEFER + " means nothing with " + CombineOptions.COMBINE
                + ": no certificate holds for several models together; leave it out");
    }

    /** @throws UserException if the model does not offer what sessions are to do by default */
    static void requireOffered(SessionDefaults defaults, TrieLmService model) {
        if (areCanonical(defaults)) {
            try {
                model.models().forEach(TrieLmService::canonicalRules);
            } catch (NoCanonicalTokenizationsException e) {
                throw new UserException(MeaninglessOptions.TOKENIZATIONS + " canonical: " + e.getMessage(), e);
            }
        }
    }

    static boolean areCanonical(SessionDefaults defaults) {
        return defaults.tokenizations() == Tokenizations.CANONICAL;
    }

    /** Says in a few words how sessions are read. */
    static String described(SessionDefaults defaults) {
        return areCanonical(defaults)
                ? "canonical tokenizations, defer " + defaults.defer()
                : "K " + defaults.width() + ", prune " + defaults.pruneThreshold();
    }
}
