package io.bytelm.decode;

import io.bytelm.beam.AllowedSymbols;
import io.bytelm.dist.LogSpace;
import io.bytelm.dist.NextByteDistribution;

/**
 * What may come next, and how probable the model thinks it is.
 *
 * @param next only what is allowed, normalized; all {@code -Infinity} where the model gives none of it a probability
 * @param logMask log of the probability (nats) that the model gives to all that is allowed together, after the bytes so
 *     far: log Z of the mask. Both are as much of it as the beam follows; after another tokenization had to be looked
 *     for, which may weigh more than those that the beam had, it can be above 0
 */
public record MaskedNext(NextByteDistribution next, double logMask) {
    /** Masks what a text can go on with. The end of the token is never allowed: it leads to no byte. */
    static MaskedNext of(ReadText.Ways ways, AllowedSymbols allowed) {
        double[] logMasses = ways.logMasses(allowed);
        double logTotal = LogSpace.logSumExp(logMasses);
        for (int symbol = 0; symbol < logMasses.length; symbol++) {
            logMasses[symbol] = LogSpace.logDivide(logMasses[symbol], logTotal);
        }
        return new MaskedNext(NextByteDistribution.of(logMasses), LogSpace.logDivide(logTotal, ways.logBefore()));
    }

    boolean isDeadEnd() {
        return logMask == Double.NEGATIVE_INFINITY;
    }
}
