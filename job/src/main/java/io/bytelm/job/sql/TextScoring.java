package io.bytelm.job.sql;

import io.bytelm.beam.BeamParams;
import io.bytelm.beam.Step;
import io.bytelm.job.likelihood.scoring.WindowScoring;
import io.bytelm.job.likelihood.scoring.Windows.Window;
import java.util.Arrays;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.DoubleType;
import org.jspecify.annotations.Nullable;

/** The task {@code score}: how probable a text is, from its first byte to its last. */
final class TextScoring implements TextComputation<TextScoring.Score> {
    /** What can be asked for. */
    static final OutputColumns<Score> COLUMNS = TextResult.withCommon(new OutputColumns<Score>("task 'score'")
            .with("log_likelihood", Rendering.number(Score::logLikelihood))
            .with("bits_per_byte", Rendering.of(new DoubleType(), Score::bitsPerByte))
            .with("byte_count", Rendering.bigint(Score::bytes), Rendering.integer(Score::bytes))
            .with("surprisal_bits", Rendering.of(new ArrayType(new DoubleType()), Score::surprisalBits)));

    private static final double NATS_PER_BIT = Math.log(2);

    private final OpenedModel model;
    private final BeamParams params;

    /** @param params on the model's vocabulary */
    TextScoring(OpenedModel model, BeamParams params) {
        this.model = model;
        this.params = params;
    }

    /**
     * A text's score.
     *
     * @param byteLogProbs {@code [bytes]}: the log-probability (nats) of each byte after those before it
     */
    record Score(double logLikelihood, double[] byteLogProbs, boolean truncated) implements TextResult {
        int bytes() {
            return byteLogProbs.length;
        }

        /** NULL for a text without bytes. */
        @Nullable
        Double bitsPerByte() {
            return bytes() == 0 ? null : bits(logLikelihood) / bytes();
        }

        private static double bits(double logProb) {
            return 0 - logProb / NATS_PER_BIT; // of 0 this is not minus zero
        }

        GenericArrayData surprisalBits() {
            return new GenericArrayData(Arrays.stream(byteLogProbs)
                    .map(Score::bits)
                    .toArray());
        }
    }

    @Override
    public Step<Score> begin(byte[] text) {
        double[] byteLogProbs = new double[text.length];
        boolean hasEos = params.eosTokens().length > 0;
        WindowScoring scoring =
                new WindowScoring(text, new Window(0, 0, text.length), hasEos, model.contextTokens(), byteLogProbs);
        return model.begin(params).then(scoring::run).map(result -> {
            if (result.logLikelihood() == Double.NEGATIVE_INFINITY) {
                throw new NoResultException("no tokenization that the beam follows goes on with byte " + result.read()
                        + " of " + text.length + "; a larger 'k' or a smaller 'prune-threshold' follows more");
            }
            return new Score(result.logLikelihood(), byteLogProbs, result.truncatedBytes() > 0);
        });
    }

    @Override
    public long roomTokens(int bytes) {
        return model.roomTokens(bytes, params);
    }
}
