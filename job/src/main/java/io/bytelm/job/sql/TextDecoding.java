package io.bytelm.job.sql;

import io.bytelm.beam.BeamParams;
import io.bytelm.beam.Step;
import io.bytelm.decode.BeamText;
import io.bytelm.decode.Decoding;
import io.bytelm.decode.DecodingRules;
import io.bytelm.decode.Draft;
import io.bytelm.decode.Ending;
import io.bytelm.decode.ReadText;
import io.bytelm.record.Reading;
import java.util.Locale;
import java.util.Objects;
import org.apache.flink.table.types.logical.VarBinaryType;
import org.jspecify.annotations.Nullable;

/** The task {@code decode}: bytes that go on from a text and satisfy a constraint. */
final class TextDecoding implements TextComputation<TextDecoding.Output> {
    /** What can be asked for; the names are those of the records that the streaming job writes. */
    static final OutputColumns<Output> COLUMNS = columns("task 'decode'");

    /** The same over canonical tokenizations. */
    static final OutputColumns<Output> CERTIFIED_COLUMNS = columns("task 'decode' with 'tokenizations' = 'canonical'")
            .with(
                    "log_likelihood_upper",
                    Rendering.number(output -> output.draft.text().logProb().logUpper()));

    private static OutputColumns<Output> columns(String what) {
        return TextResult.withCommon(new OutputColumns<Output>(what)
                .with(
                        "output",
                        Rendering.text(Output::text),
                        Rendering.of(new VarBinaryType(VarBinaryType.MAX_LENGTH), Output::bytes))
                .with("byte_count", Rendering.bigint(Output::length), Rendering.integer(Output::length))
                .with("reason", Rendering.text(Output::reason))
                .with("complete", Rendering.flag(output -> output.draft.complete()))
                .with("log_likelihood", Rendering.number(output -> output.draft.logLikelihood()))
                .with("log_weight", Rendering.number(output -> output.draft.logWeight()))
                .with(
                        "log_constraint_probability",
                        Rendering.number(output -> output.decoding.logConstraintProbability()))
                .with("ess", Rendering.number(output -> output.decoding.effectiveSampleSize())));
    }

    private final OpenedModel model;
    private final BeamParams params;
    private final @Nullable CanonicalReading canonical;
    private final DecodingRules rules;

    /**
     * @param params on the model's vocabulary, those of {@link io.bytelm.record.SessionDefaults#decodingParams}
     * @param canonical how canonical tokenizations alone are read; null for all
     * @param rules of any text
     */
    TextDecoding(OpenedModel model, BeamParams params, @Nullable CanonicalReading canonical, DecodingRules rules) {
        this.model = model;
        this.params = params;
        this.canonical = canonical;
        this.rules = rules;
    }

    /** The same text has the same random numbers, as the session has whose key it is. */
    private DecodingRules rulesOf(byte[] text) {
        return new DecodingRules(
                rules.constraint(),
                rules.sampler(),
                rules.stop(),
                rules.maxBytes(),
                rules.eosEnds(),
                rules.particles(),
                TextNumber.of(text));
    }

    /**
     * What was drawn.
     *
     * @param draft that of the particles which is the output
     */
    record Output(Decoding decoding, Draft draft, boolean truncated) implements TextResult {
        byte[] bytes() {
            return draft.bytes();
        }

        int length() {
            return draft.bytes().length;
        }

        /** @throws NoResultException if the output is no text */
        String text() {
            String text = Utf8.orNull(draft.bytes());
            if (text == null) {
                throw new NoResultException("the output is not UTF-8; declare the column 'output' as BYTES");
            }
            return text;
        }

        String reason() {
            Ending ending = Objects.requireNonNull(draft.ending(), "an output that has ended");
            return ending.name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public Step<Output> begin(byte[] text) {
        DecodingRules own = rulesOf(text);
        return written(text)
                .then(prompted -> Decoding.begin(prompted, own))
                .then(begun -> begun.finish(own))
                .map(ended -> new Output(
                        ended,
                        ended.drafts().get(ended.chosen(own)),
                        ended.drafts().stream()
                                .anyMatch(draft -> model.outgrownBy(draft.text().longestContext()))));
    }

    private Step<ReadText> written(byte[] prompt) {
        return canonical == null
                ? model.begin(params)
                        .then(start -> start.prefill(prompt))
                        .map(read -> requireLive(BeamText.after(read)))
                : canonical.written(prompt).map(text -> text);
    }

    private static ReadText requireLive(ReadText prompted) {
        if (prompted.logProb().logLower() == Double.NEGATIVE_INFINITY) {
            throw new NoResultException("the model gives the text no probability; a larger 'k' or a smaller"
                    + " 'prune-threshold' follows more of its tokenizations");
        }
        return prompted;
    }

    @Override
    public long roomTokens(int bytes) {
        long branchTokens = canonical == null ? params.branchTokens() : Reading.Canonical.BRANCH_TOKENS;
        return model.roomTokens((long) bytes + rules.maxBytes(), rules.particles() * branchTokens);
    }
}
