package io.bytelm.beam;

import io.bytelm.dist.LogSpace;
import io.bytelm.dist.Symbols;
import java.util.BitSet;
import java.util.function.IntPredicate;

/** The symbols, of the 258, that may come next. Immutable. */
public final class AllowedSymbols {
    private final BitSet symbols = new BitSet(Symbols.COUNT);

    private AllowedSymbols(IntPredicate allows) {
        for (int symbol = 0; symbol < Symbols.COUNT; symbol++) {
            symbols.set(symbol, allows.test(symbol));
        }
    }

    /** Those that a test lets pass; each is asked about once. */
    public static AllowedSymbols where(IntPredicate allows) {
        return new AllowedSymbols(allows);
    }

    /** Whether a symbol, 0 to 257, may come next. */
    public boolean contains(int symbol) {
        return symbols.get(symbol);
    }

    /**
     * The log mass (nats) of all allowed symbols together.
     *
     * @param row {@code [258]} log masses by symbol
     */
    double logMassOf(double[] row) {
        return LogSpace.logSumExp(symbols.stream().mapToDouble(s -> row[s]).toArray());
    }
}
