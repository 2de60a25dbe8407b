package io.bytelm.job.cli;

import io.bytelm.job.UserException;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.Tokenizations;
import io.bytelm.service.NoCanonicalTokenizationsException;
import io.bytelm.service.TrieLmService;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Over which tokenizations of their texts sessions sum that do not say so themselves. */
final class SessionTokenizations {
    private static final String TOKENIZATIONS = "--tokenizations";
    private static final String DEFER = "--defer";

    /** What means nothing where only canonical tokenizations are followed. */
    private static final List<String> OF_ALL =
            List.of("--k", "--prune", "--heal", "--heal-max-backoff", "--heal-max-splits");

    @Option(
            names = TOKENIZATIONS,
            paramLabel = "WHICH",
            order = 198,
            defaultValue = "all",
            description = "Over which tokenizations a score sums: all, with a beam, or canonical: those that the model's own"
                    + " tokenizer would write. Default: ${DEFAULT-VALUE}.")
    private Tokenizations tokenizations;

    @Option(
            names = DEFER,
            paramLabel = "THETA",
            order = 199,
            description = "With canonical tokenizations: do not evaluate a context while its share of the probability is at"
                    + " most this; the score says between what it lies. Default: 0 (exact).")
    private @Nullable Double defer;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** @throws UserException if an option means nothing beside another one, or is out of its range */
    SessionDefaults applyTo(SessionDefaults defaults) {
        if (tokenizations == Tokenizations.ALL && defer != null) {
            throw new UserException(DEFER + " means nothing where all tokenizations are followed; leave it out, or set "
                    + TOKENIZATIONS + " canonical");
        }
        for (String option : OF_ALL) {
            if (tokenizations == Tokenizations.CANONICAL && isGiven(option)) {
                throw new UserException(option + " means nothing with " + TOKENIZATIONS
                        + " canonical: no tokenization is dropped, and none has to be looked for; leave it out");
            }
        }
        try {
            return defaults.withTokenizations(tokenizations, defer == null ? 0 : defer);
        } catch (IllegalArgumentException e) {
            throw new UserException(DEFER + ": " + e.getMessage(), e);
        }
    }

    /** @throws UserException if the model does not offer what sessions are to do by default */
    static void requireOffered(SessionDefaults defaults, TrieLmService model) {
        if (defaults.tokenizations() == Tokenizations.CANONICAL) {
            try {
                model.canonicalRules();
            } catch (NoCanonicalTokenizationsException e) {
                throw new UserException(TOKENIZATIONS + " canonical: " + e.getMessage(), e);
            }
        }
    }

    /** Says in a few words how sessions are read. */
    static String described(SessionDefaults defaults) {
        return defaults.tokenizations() == Tokenizations.CANONICAL
                ? "canonical tokenizations, defer " + defaults.defer()
                : "K " + defaults.width() + ", prune " + defaults.pruneThreshold();
    }

    /** On the command line, or in the file of options. */
    private boolean isGiven(String name) {
        OptionSpec option = command.findOption(name);
        if (option == null) {
            return false;
        }
        IDefaultValueProvider file = command.commandLine().getDefaultValueProvider();
        try {
            return command.commandLine().getParseResult().hasMatchedOption(option)
                    || file != null && file.defaultValue(option) != null;
        } catch (Exception e) {
            throw new UserException(String.valueOf(e.getMessage()), e);
        }
    }
}
