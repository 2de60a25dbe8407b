package io.bytelm.job.sql;

import io.bytelm.job.likelihood.scoring.WindowScoring;
import java.util.Arrays;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.DoubleType;
import org.jspecify.annotations.Nullable;

/**
 * How probable a text is, from its first byte to its last.
 *
 * @param logLikelihood nats; at least, where not all has been evaluated
 * @param logLikelihoodUpper at most
 * @param bytes of the text
 * @param skippedBytes how many of them could not be read and were left out
 * @param byteLogProbs {@code [bytes]}: the log-probability (nats) of each byte after those before it, NaN of one that was left
 *     out; empty if they are not wanted
 */
record TextScore(
        double logLikelihood,
        double logLikelihoodUpper,
        int bytes,
        int skippedBytes,
        double[] byteLogProbs,
        boolean truncated)
        implements TextResult {
    /** The column that lists every byte. */
    static final String SURPRISAL_BITS = "surprisal_bits";

    /** What can be asked for. */
    static final OutputColumns<TextScore> COLUMNS = columns("task 'score'");

    /** The same where two ends are known that the truth lies between. */
    static final OutputColumns<TextScore> CERTIFIED_COLUMNS = columns("task 'score' with 'tokenizations' = 'canonical'")
            .with("log_likelihood_upper", Rendering.number(TextScore::logLikelihoodUpper));

    private static final double NATS_PER_BIT = Math.log(2);

    private static OutputColumns<TextScore> columns(String owner) {
        return TextResult.withCommon(new OutputColumns<TextScore>(owner)
                .with("log_likelihood", Rendering.number(TextScore::logLikelihood))
                .with("bits_per_byte", Rendering.of(new DoubleType(), TextScore::bitsPerByte))
                .with("byte_count", Rendering.bigint(TextScore::bytes), Rendering.integer(TextScore::bytes))
                .with(
                        "skipped_bytes",
                        Rendering.bigint(TextScore::skippedBytes),
                        Rendering.integer(TextScore::skippedBytes))
                .with(SURPRISAL_BITS, Rendering.of(new ArrayType(new DoubleType()), TextScore::surprisalBits)));
    }

    /** @param byteLogProbs as {@link #byteLogProbs} */
    static TextScore of(WindowScoring.Result result, int bytes, double[] byteLogProbs) {
        return new TextScore(
                result.logLikelihood(),
                result.logLikelihoodUpper(),
                bytes,
                result.skippedBytes(),
                byteLogProbs,
                result.truncatedBytes() > 0);
    }

    /** NULL for a text without bytes that were read. */
    @Nullable
    Double bitsPerByte() {
        int counted = bytes - skippedBytes;
        return counted == 0 ? null : bits(logLikelihood) / counted;
    }

    /** NULL for a byte that was left out. */
    GenericArrayData surprisalBits() {
        if (skippedBytes == 0) {
            return new GenericArrayData(
                    Arrays.stream(byteLogProbs).map(TextScore::bits).toArray());
        }
        return new GenericArrayData(Arrays.stream(byteLogProbs)
                .mapToObj(logProb -> Double.isNaN(logProb) ? null : (Object) bits(logProb))
                .toArray());
    }

    private static double bits(double logProb) {
        return 0 - logProb / NATS_PER_BIT; // of 0 this is not minus zero
    }
}
