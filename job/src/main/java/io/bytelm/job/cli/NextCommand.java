package io.bytelm.job.cli;

import io.bytelm.beam.Lookahead;
import io.bytelm.job.CombinedModel;
import io.bytelm.job.JobModel;
import io.bytelm.job.UserException;
import io.bytelm.job.cli.PrefixReading.Expected;
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
    private SessionTokenizations tokenizations;

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

    private record Answer(ReadSoFar read, Expected next) {}

    @Override
    public void run() {
        byte[] bytes = prefix.bytes();
        SessionDefaults defaults = tokenizations.applyTo(beam.defaults(BeamOptions.NO_THRESHOLD));
        if (top < 1) {
            throw new UserException("--top must be at least 1, got " + top);
        }
        PrintWriter out = spec.commandLine().getOut();
        JobModel settings = model.settings();
        if (settings instanceof CombinedModel combined) {
            SessionTokenizations.refuseDeferring(defaults);
            CombinedNext next = new CombinedNext(combined, defaults);
            if (full) {
                out.println(next.json(bytes));
            } else {
                next.print(bytes, top, common.terminal(spec));
            }
            return;
        }
        try (BlockingModel opened = new BlockingModel(settings)) {
            Answer answer = opened.run(opened.reading(defaults, bytes)
                    .then(reading -> reading.expected(Lookahead.NONE).map(next -> answer(reading, next))));
            int longest = answer.next().longestContext();
            if (full) {
                boolean truncated = TruncatedLine.isTruncated(longest, opened.contextTokens());
                out.println(NextJson.of(answer.read(), answer.next().next(), truncated));
            } else {
                Terminal terminal = common.terminal(spec);
                new NextTable(terminal, opened.vocabulary())
                        .print(bytes, answer.read(), answer.next().next(), top);
                TruncatedLine.print(longest, opened.contextTokens(), terminal);
            }
        }
    }

    /** Over canonical tokenizations what was evaluated for the answer tells more of the text too. */
    private static Answer answer(PrefixReading before, Expected next) {
        return new Answer(
                before instanceof PrefixReading.OfTree ? next.reading().read() : before.read(), next);
    }
}
