package io.bytelm.job.cli;

import io.bytelm.beam.Beam;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Prediction;
import io.bytelm.job.CombinedModel;
import io.bytelm.job.JobModel;
import io.bytelm.job.UserException;
import io.bytelm.job.terminal.Terminal;
import io.bytelm.record.SessionDefaults;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says which byte comes next. */
@Command(
        name = "next",
        header = "Which byte comes next?",
        description = "Shows which byte comes after some bytes, and how they may have been tokenized.",
        footer = {"", "Example:", "  bytelm next --prefix \"It was a dark and stormy n\""})
final class NextCommand implements Runnable {
    @Mixin
    private PrefixOptions prefix;

    @Mixin
    private ModelsOrServices model;

    @Mixin
    private BeamOptions beam;

    @Option(
            names = "--full",
            order = 10,
            description =
                    "Print one line of JSON with all 258 log-probabilities (nats): 256 bytes, end of token, end of"
                            + " text; null is impossible.")
    private boolean full;

    @Option(
            names = "--top",
            paramLabel = "N",
            order = 11,
            defaultValue = "10",
            description = "How many bytes the table lists. Default: ${DEFAULT-VALUE}.")
    private int top;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    private record Reading(Beam beam, Prediction next) {}

    @Override
    public void run() {
        byte[] bytes = prefix.bytes();
        SessionDefaults defaults = beam.defaults(BeamOptions.NO_THRESHOLD);
        if (top < 1) {
            throw new UserException("--top must be at least 1, got " + top);
        }
        PrintWriter out = spec.commandLine().getOut();
        JobModel settings = model.settings();
        if (settings instanceof CombinedModel combined) {
            CombinedNext next = new CombinedNext(combined, defaults);
            if (full) {
                out.println(next.json(bytes));
            } else {
                next.print(bytes, top, common.terminal(spec));
            }
            return;
        }
        try (BlockingModel opened = new BlockingModel(settings)) {
            Reading reading = opened.run(opened.begin(defaults)
                    .then(start -> start.prefill(bytes))
                    .then(read -> read.predict(Lookahead.NONE).map(next -> new Reading(read, next))));
            int longest = reading.next().longestContext();
            if (full) {
                boolean truncated = TruncatedLine.isTruncated(longest, opened.contextTokens());
                out.println(NextJson.of(reading.beam(), reading.next().next(), truncated));
            } else {
                Terminal terminal = common.terminal(spec);
                new NextTable(terminal, opened.vocabulary())
                        .print(bytes, reading.beam(), reading.next().next(), top);
                TruncatedLine.print(longest, opened.contextTokens(), terminal);
            }
        }
    }
}
