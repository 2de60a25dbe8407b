package io.bytelm.job.cli;

import io.bytelm.job.install.ClusterInstall;
import io.bytelm.job.terminal.Terminal;
import java.io.Console;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prepares a Flink distribution for jobs of this program. */
@Command(
        name = "install",
        header = "Put the model service into a Flink distribution's lib directory.",
        description = {
            "Copies the trie/LM service and the engine into lib/ of a Flink distribution: all jobs of a process share them,",
            "and native libraries load once a process. Do it on every machine, or in the image, before Flink starts."
        },
        footer = {"", "Example:", "  bytelm install --flink /opt/flink"})
final class InstallCommand implements Runnable {
    @Option(
            names = "--flink",
            paramLabel = "DIR",
            description = "The distribution: the directory with bin/, conf/ and lib/. Versions 2.2 and 2.3.")
    private @Nullable Path flink;

    @Option(names = "--yes", description = "Replace other versions of the same jars without asking.")
    private boolean yes;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        if (flink == null) {
            throw new ParameterException(spec.commandLine(), "which Flink? Give its directory with --flink DIR");
        }
        Terminal terminal = common.terminal(spec);
        ClusterInstall.ofThisBuild(terminal::line).into(flink, this::mayReplace);
    }

    private boolean mayReplace() {
        Console console = System.console();
        if (yes || console == null) {
            return yes;
        }
        String answer = console.readLine("Replace them? [y/N] ");
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    }
}
