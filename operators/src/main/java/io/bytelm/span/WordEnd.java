package io.bytelm.span;

import io.bytelm.dist.LogSpace;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import java.util.stream.IntStream;

/**
 * That a word ends: the next byte is ASCII white space, or the sequence ends. White space of several bytes begins with the same
 * bytes as letters do, and does not count.
 */
public final class WordEnd {
    private static final int[] ENDING = IntStream.concat(
                    IntStream.range(0, Symbols.EOT).filter(Characters::isAsciiSpace), IntStream.of(Symbols.EOS))
            .toArray();

    private WordEnd() {}

    /** Log of its probability (nats). */
    public static double logProb(NextByteDistribution next) {
        return LogSpace.logSumExp(
                IntStream.of(ENDING).mapToDouble(next::logProb).toArray());
    }
}
