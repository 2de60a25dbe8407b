package io.bytelm.job.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** What every command understands. */
final class CommonOptions {
    static final String CONFIG = "--config";
    private static final String VERBOSE = "--verbose";

    @Option(
            names = CONFIG,
            paramLabel = "FILE",
            order = 1000,
            description = "Take options from this YAML file (see configs/); what is given on the command line wins.")
    private @Nullable Path config; // read by ConfigFile, before the command line is parsed

    @Option(names = VERBOSE, order = 1001, description = "Log what happens inside, and print stack traces.")
    private boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            order = 1002,
            description = "Show this help.")
    private boolean help;

    /** Whether the command that is about to run was asked to be verbose. */
    static boolean areVerboseIn(ParseResult parsed) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        return last.hasMatchedOption(VERBOSE);
    }

    /** Whether an option says something about the run itself rather than about the work, and so belongs in no file. */
    static boolean isAboutTheRun(OptionSpec option) {
        return option.usageHelp()
                || option.versionHelp()
                || option.longestName().equals(CONFIG)
                || option.longestName().equals(VERBOSE);
    }
}
