package io.bytelm.job.cli;

import io.bytelm.job.terminal.Terminal;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** What every command understands. */
final class CommonOptions {
    static final String CONFIG = "--config";
    private static final String VERBOSE = "--verbose";
    private static final String COLOR = "--color";
    private static final int LEAST_COLUMNS = 72;
    private static final int COLUMNS_OF_A_FILE = 100;

    @Option(
            names = CONFIG,
            paramLabel = "FILE",
            order = 1000,
            description = "Take options from this YAML file (see configs/); what is given on the command line wins.")
    private @Nullable Path config; // read by ConfigFile, before the command line is parsed

    @Option(names = VERBOSE, order = 1001, description = "Log what happens inside, and print stack traces.")
    private boolean verbose;

    @Option(
            names = COLOR,
            paramLabel = "WHEN",
            order = 1001,
            defaultValue = "auto",
            description = "auto, always or never. Auto is on a terminal, unless NO_COLOR is set.")
    private Colours colours;

    private enum Colours {
        AUTO,
        ALWAYS,
        NEVER
    }

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            order = 1002,
            description = "Show this help.")
    private boolean help;

    /** Where the command writes. */
    Terminal terminal(CommandSpec command) {
        PrintWriter out = command.commandLine().getOut();
        boolean live = System.console() != null;
        int columns = live ? Math.max(LEAST_COLUMNS, command.usageMessage().width()) : COLUMNS_OF_A_FILE;
        boolean coloured = switch (colours) {
            case ALWAYS -> true;
            case NEVER -> false;
            case AUTO -> Ansi.AUTO.enabled();
        };
        return new Terminal(out, coloured, live, columns);
    }

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
                || option.longestName().equals(VERBOSE)
                || option.longestName().equals(StartCheck.OPTION)
                || option.longestName().equals(COLOR);
    }
}
