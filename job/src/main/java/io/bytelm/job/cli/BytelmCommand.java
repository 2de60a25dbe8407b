package io.bytelm.job.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The root command: what stands before the first subcommand. */
@Command(
        name = "bytelm",
        mixinStandardHelpOptions = true,
        versionProvider = BytelmCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Turns any Hugging Face causal language model into a byte-level one.",
            "Bytes in, next-byte distributions and log-likelihoods out: on the command line, or as a Flink job on Kafka."
        },
        footer = {
            "",
            "Start with @|bold bytelm demo|@, or ask for one prefix: @|bold bytelm next --prefix \"It was a dark and\"|@",
            "Every command explains itself with --help and takes its options from a YAML file with --config FILE."
        },
        subcommands = {
            DemoCommand.class,
            ScoreCommand.class,
            NextCommand.class,
            CandidatesCommand.class,
            ExplainCommand.class,
            DecodeCommand.class,
            TrieCommand.class,
            VocabCommand.class,
            ModelCommand.class,
            ConstraintsCommand.class,
            BenchCommand.class,
            LikelihoodCommand.class,
            ServeCommand.class,
            InstallCommand.class
        })
public final class BytelmCommand implements Runnable {
    /** Properties that the logging configuration reads. */
    private static final String LOG_LEVEL = "bytelm.log.level";

    private static final String OWN_LOG_LEVEL = "bytelm.own.log.level";

    @Spec
    private CommandSpec spec;

    /**
     * Runs the command line in this thread.
     *
     * @return 0; 1 if the command failed, 2 if the command line was wrong; then {@code err} got one line that says why
     */
    public static int run(String[] args, PrintWriter out, PrintWriter err) {
        CommandLine commandLine = commandLine().setOut(out).setErr(err);
        try {
            ConfigFile.applyTo(commandLine, args);
        } catch (RuntimeException e) {
            return ErrorLine.print(err, e, false);
        }
        return commandLine.execute(args);
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new BytelmCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setExecutionStrategy(BytelmCommand::execute)
                .setParameterExceptionHandler(ErrorLine::onWrongCommandLine)
                .setExecutionExceptionHandler(ErrorLine::onFailure);
        for (CommandLine command : commandLine.getSubcommands().values()) {
            command.getCommandSpec().usageMessage().sortOptions(false).abbreviateSynopsis(true);
        }
        return commandLine;
    }

    private static int execute(ParseResult parsed) {
        boolean isServer =
                parsed.hasSubcommand() && parsed.subcommand().commandSpec().userObject() instanceof ServeCommand;
        if (CommonOptions.areVerboseIn(parsed)) {
            System.setProperty(LOG_LEVEL, "INFO"); // before the first logger is made
        } else if (isServer) {
            System.setProperty(OWN_LOG_LEVEL, "INFO"); // who runs it reads its log
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "which command? One of " + String.join(", ", commandNames()));
    }

    private Iterable<String> commandNames() {
        return spec.subcommands().keySet();
    }

    /** The version is the jar's. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = BytelmCommand.class.getPackage().getImplementationVersion();
            return new String[] {"bytelm " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
