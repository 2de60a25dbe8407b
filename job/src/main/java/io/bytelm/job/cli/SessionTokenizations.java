package io.bytelm.job.cli;

import io.bytelm.job.UserException;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.Tokenizations;
import io.bytelm.service.NoCanonicalTokenizationsException;
import io.bytelm.service.TrieLmService;
import java.util.Map;
import java.util.TreeMap;
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

    /** What means nothing where only canonical tokenizations are followed, and what a file that lists all options has. */
    private static final Map<String, String> OF_ALL = new TreeMap<>(Map.of(
            "--k", "5",
            "--prune", "0.001",
            "--heal", "true",
            "--heal-max-backoff", "-1",
            "--heal-max-splits", "-1"));

    @Option(
            names = TOKENIZATIONS,
            paramLabel = "WHICH",
            order = 198,
            defaultValue = "all",
            description =
                    "Over which tokenizations a score sums: all, with a beam, or canonical: those that the model's own"
                            + " tokenizer would write. Default: ${DEFAULT-VALUE}.")
    private Tokenizations tokenizations;

    @Option(
            names = DEFER,
            paramLabel = "THETA",
            order = 199,
            description =
                    "With canonical tokenizations: do not evaluate a context while its share of the probability is at"
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
        for (String option : OF_ALL.keySet()) {
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

    /** On the command line, or in the file of options with another value than the usual one. */
    private boolean isGiven(String name) {
        OptionSpec option = command.findOption(name);
        IDefaultValueProvider file = command.commandLine().getDefaultValueProvider();
        if (option == null || command.commandLine().getParseResult().hasMatchedOption(option)) {
            return option != null;
        }
        try {
            String inFile = file == null ? null : file.defaultValue(option);
            return inFile != null && !inFile.equals(OF_ALL.get(name));
        } catch (Exception e) {
            throw new UserException(String.valueOf(e.getMessage()), e);
        }
    }
}
