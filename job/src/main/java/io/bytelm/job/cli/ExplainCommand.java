package io.bytelm.job.cli;

import io.bytelm.beam.Lookahead;
import io.bytelm.job.CombinedModel;
import io.bytelm.job.JobModel;
import io.bytelm.job.UserException;
import io.bytelm.job.cli.PrefixReading.Expected;
import io.bytelm.job.terminal.Terminal;
import io.bytelm.record.SessionDefaults;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows how a text is read. */
@Command(
        name = "explain",
        header = "Watch a text being read byte by byte.",
        description = {
            "Reads bytes one by one and shows, after each, how they may have been tokenized and how likely that is.",
            "A byte's bits say how surprising it was: none if it was certain, 1 for a coin toss, 8 for a random byte."
        },
        footer = {"", "Example:", "  bytelm explain \"It was a dark and stormy night\""})
final class ExplainCommand implements Runnable {
    @Mixin
    private PrefixOptions prefix;

    @Option(
            names = "--show",
            paramLabel = "N",
            order = 10,
            defaultValue = "3",
            description = "The most tokenizations shown after each byte. Default: ${DEFAULT-VALUE}.")
    private int show;

    @Mixin
    private ModelsOrServices model;

    @Mixin
    private SessionTokenizations tokenizations;

    @Mixin
    private BeamOptions beam;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        byte[] bytes = prefix.bytes();
        if (bytes.length == 0) {
            throw new UserException("there is nothing to explain; give a text, or --prefix-hex");
        }
        if (show < 1) {
            throw new UserException("--show must be at least 1, got " + show);
        }
        SessionDefaults defaults = tokenizations.applyTo(beam.defaults(BeamOptions.NO_THRESHOLD));
        Terminal terminal = common.terminal(spec);
        JobModel settings = model.settings();
        if (settings instanceof CombinedModel combined) {
            SessionTokenizations.refuseDeferring(defaults);
            new CombinedExplanation(combined, defaults, terminal).print(bytes);
            return;
        }
        try (BlockingModel opened = new BlockingModel(settings)) {
            BeamTrace trace = new BeamTrace(terminal, opened.vocabulary(), show);
            trace.begin();
            PrefixReading last = opened.run(opened.beginReading(defaults));
            for (int at = 0; at < bytes.length && !last.read().isDeadEnd(); at++) {
                Lookahead known = Lookahead.of(bytes, at);
                Expected expected = opened.run(last.pruned().expected(known));
                PrefixReading after = opened.run(expected.reading().advance(known));
                trace.afterByte(bytes[at] & 0xFF, expected.next(), last.read().logLower(), after.read());
                last = after;
            }
            trace.end(bytes.length, last.read());
            TruncatedLine.print(last.longestContext(), opened.contextTokens(), terminal);
        }
    }
}
