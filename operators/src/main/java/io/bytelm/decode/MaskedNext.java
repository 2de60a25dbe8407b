package io.bytelm.decode;

import io.bytelm.constraint.ByteSet;
import io.bytelm.dist.LogSpace;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;

/**
 * What may come next, and how probable the model thinks it is.
 *
 * @param next only what is allowed, normalized; all {@code -Infinity} where the model gives none of it a probability
 * @param logMask log of the probability (nats) that the model gives to all that is allowed together: log Z of the mask
 */
public record MaskedNext(NextByteDistribution next, double logMask) {
    /**
     * Masks a distribution. The end of the token is never allowed: it leads to no byte.
     *
     * @param mayEnd whether EOS is allowed
     */
    public static MaskedNext of(NextByteDistribution next, ByteSet live, boolean mayEnd) {
        double[] logProbs = next.logProbs();
        for (int symbol = 0; symbol < Symbols.EOT; symbol++) {
            if (!live.contains(symbol)) {
                logProbs[symbol] = Double.NEGATIVE_INFINITY;
            }
        }
        logProbs[Symbols.EOT] = Double.NEGATIVE_INFINITY;
        if (!mayEnd) {
            logProbs[Symbols.EOS] = Double.NEGATIVE_INFINITY;
        }
        double logMask = LogSpace.logSumExp(logProbs);
        for (int symbol = 0; symbol < logProbs.length; symbol++) {
            logProbs[symbol] = LogSpace.logDivide(logProbs[symbol], logMask);
        }
        return new MaskedNext(NextByteDistribution.of(logProbs), logMask);
    }

    boolean isDeadEnd() {
        return logMask == Double.NEGATIVE_INFINITY;
    }
}
