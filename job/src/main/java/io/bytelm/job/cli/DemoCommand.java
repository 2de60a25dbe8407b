package io.bytelm.job.cli;

import io.bytelm.job.TemporaryDirectory;
import io.bytelm.job.UserException;
import io.bytelm.job.demo.Demo;
import io.bytelm.job.terminal.Terminal;
import io.bytelm.record.Emission;
import io.bytelm.record.SessionDefaults;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows all of it at work, with nothing to install. */
@Command(
        name = "demo",
        header = "See it at work: real text in many sessions, broker and job included.",
        description = {
            "Starts a Kafka broker and a Flink job in this process, sends texts in pieces, and shows how probable they were"
                    + " and which bytes would come next. Takes a minute or less."
        },
        footer = {
            "",
            "Example: stay, so that your own producer and consumer can join",
            "  bytelm demo --keep --port 9092"
        })
final class DemoCommand implements Callable<Integer> {
    private static final int TOP = 3;

    @Option(names = "--keep", order = 1, description = "Stay up when the text is scored, until Ctrl-C.")
    private boolean keep;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            order = 2,
            defaultValue = "0",
            description = "Where the broker listens on localhost; 0 is any free port.")
    private int port;

    @Option(
            names = "--sessions",
            paramLabel = "N",
            order = 3,
            defaultValue = "25",
            description = "How many texts, 1 to 25. Default: ${DEFAULT-VALUE}.")
    private int sessions;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            order = 4,
            defaultValue = "2",
            description = "Subtasks of each operator. Default: ${DEFAULT-VALUE}.")
    private int parallelism;

    @Mixin
    private ModelOptions model;

    @Mixin
    private ServiceOptions service;

    @Mixin
    private BeamOptions beam;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        requireRange("--sessions", sessions, 1, Demo.mostSessions());
        requireRange("--parallelism", parallelism, 1, 128);
        requireRange("--port", port, 0, 65535);
        SessionDefaults defaults = beam.defaults(
                BeamOptions.STREAM_THRESHOLD,
                new Emission(Emission.When.CHUNK, TOP),
                SessionDefaults.STANDARD.maxChunkBytes());
        Terminal terminal = common.terminal(spec);
        try (TemporaryDirectory directory = TemporaryDirectory.create("bytelm-demo-")) {
            new Demo(terminal, model.settings(service.settings()), defaults, sessions, parallelism)
                    .run(directory.path(), port, keep);
        }
        return 0;
    }

    private static void requireRange(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new UserException(option + " must be from " + least + " to " + most + ", got " + value);
        }
    }
}
