package io.bytelm.job.cli;

import io.bytelm.job.UserException;
import io.bytelm.record.Tokenizations;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options that mean nothing with the tokenizations that are followed. One on the command line is refused; a file of options
 * may list them all, but none with another value than the usual one.
 */
final class MeaninglessOptions {
    static final String TOKENIZATIONS = "--tokenizations";
    static final String DEFER = "--defer";
    private static final String USUAL_DEFER = "0";

    /** What only a beam over all tokenizations has, each with its usual value. */
    private static final Map<String, String> OF_THE_BEAM = new TreeMap<>(Map.of(
            "--k", "5",
            "--prune", "0.001",
            "--heal", "true",
            "--heal-max-backoff", "-1",
            "--heal-max-splits", "-1"));

    private MeaninglessOptions() {}

    /** @throws UserException if one was chosen */
    static void refuse(Tokenizations followed, CommandSpec command) {
        if (followed == Tokenizations.ALL) {
            if (isDeferChosen(command)) {
                throw new UserException(
                        DEFER + " means nothing where all tokenizations are followed; leave it out, or set "
                                + TOKENIZATIONS + " canonical");
            }
            return;
        }
        OF_THE_BEAM.forEach((option, usual) -> {
            if (isChosen(option, usual, command)) {
                throw new UserException(option + " means nothing with " + TOKENIZATIONS
                        + " canonical: no tokenization is dropped, and none has to be looked for; leave it out");
            }
        });
    }

    static boolean isDeferChosen(CommandSpec command) {
        return isChosen(DEFER, USUAL_DEFER, command);
    }

    private static boolean isChosen(String name, String usual, CommandSpec command) {
        OptionSpec option = command.findOption(name);
        if (option == null) {
            return false;
        }
        if (command.commandLine().getParseResult().hasMatchedOption(option)) {
            return true;
        }
        String inFile = inFile(option, command.commandLine().getDefaultValueProvider());
        return inFile != null && !isSame(inFile.strip(), usual);
    }

    private static @Nullable String inFile(OptionSpec option, @Nullable IDefaultValueProvider file) {
        try {
            return file == null ? null : file.defaultValue(option);
        } catch (Exception e) {
            throw new UserException(String.valueOf(e.getMessage()), e);
        }
    }

    /** A number may be written in many ways. */
    private static boolean isSame(String value, String usual) {
        try {
            return new BigDecimal(value).compareTo(new BigDecimal(usual)) == 0;
        } catch (NumberFormatException noNumber) {
            return value.equalsIgnoreCase(usual);
        }
    }
}
