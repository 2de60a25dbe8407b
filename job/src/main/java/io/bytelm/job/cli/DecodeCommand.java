package io.bytelm.job.cli;

import io.bytelm.constraint.Constraint;
import io.bytelm.decode.Decoding;
import io.bytelm.decode.DecodingRules;
import io.bytelm.decode.ReadText;
import io.bytelm.decode.Sampler;
import io.bytelm.job.JobModel;
import io.bytelm.job.UserException;
import io.bytelm.job.terminal.Terminal;
import io.bytelm.record.SessionDefaults;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Draws bytes under a constraint. */
@Command(
        name = "decode",
        header = "Draw bytes from the model, under a constraint.",
        description = {
            "Goes on from a prompt, byte by byte, with only such bytes as the constraint allows.",
            "The output is shown as it comes; bytes that the constraint forced, which cost no call of the model, are dim."
        },
        footer = {
            "",
            "Example:",
            "  bytelm decode --prompt \"The sky was \" --choices blue,grey,black --particles 8",
            "  bytelm decode --prompt \"On \" --regex \"(1|2)[0-9] (May|June) 18[0-9]{2}\""
        })
final class DecodeCommand implements Runnable {
    private static final long NO_SESSION = 0;

    @Option(names = "--prompt", paramLabel = "TEXT", order = 1, description = "The bytes so far, as text (UTF-8).")
    private String prompt = "";

    @Mixin
    private ConstraintOptions constraint;

    @Mixin
    private SamplingOptions sampling;

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
        SessionDefaults defaults = tokenizations.applyTo(beam.defaults(BeamOptions.STREAM_THRESHOLD));
        ConstraintOptions.Compiled compiled = constraint.compile();
        compiled.ignored()
                .forEach(what -> spec.commandLine().getErr().println("Ignored, since it is not enforced: " + what));
        Sampler sampler = sampling.sampler();
        Terminal terminal = common.terminal(spec);
        byte[] bytes = Bytes.ofTextOrHex(prompt, null, "--prompt");
        JobModel settings = model.settings();
        if (settings.combination() != null) {
            SessionTokenizations.refuseDeferring(defaults);
        }
        PromptReading reading = new PromptReading(defaults, settings.combination());
        try (BlockingModel opened = new BlockingModel(settings)) {
            ReadText prompted = opened.run(reading.of(opened.service(), bytes));
            if (prompted.logProb().logLower() == Double.NEGATIVE_INFINITY) {
                throw new UserException("--prompt: the model gives it no probability");
            }
            DecodingRules rules = rules(compiled.constraint(), sampler, prompted.hasEosTokens());
            DecodeView view = new DecodeView(terminal, opened);
            Decoding decoding = opened.run(Decoding.begin(prompted, rules));
            view.begin(decoding);
            while (!decoding.hasEnded()) {
                decoding = opened.run(decoding.next(rules)).after();
                view.show(decoding);
            }
            view.end(decoding, decoding.chosen(rules));
        }
    }

    private DecodingRules rules(Constraint compiled, Sampler sampler, boolean eosEnds) {
        try {
            return new DecodingRules(
                    compiled,
                    sampler,
                    sampling.stopStrings(),
                    sampling.maxBytes(),
                    eosEnds,
                    sampling.particles(),
                    NO_SESSION);
        } catch (IllegalArgumentException e) {
            throw new UserException("--max-bytes: " + e.getMessage(), e);
        }
    }
}
