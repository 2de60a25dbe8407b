package io.bytelm.decode;

import io.bytelm.beam.AllowedSymbols;
import io.bytelm.beam.Step;
import io.bytelm.combine.Combination;
import io.bytelm.dist.LogSpace;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import java.util.Arrays;
import java.util.List;

/**
 * How one of several models can go on with what is allowed.
 *
 * @param part the text that it goes on from
 * @param ways of what is allowed
 * @param logProbs what the model gives each symbol after the bytes so far, log-probabilities (nats) {@code [258]}; of those
 *     that are not allowed nothing where only the allowed ones were asked for. Not to be changed
 */
record WaysOfPart(ReadText part, ReadText.Ways ways, double[] logProbs) {
    private static final AllowedSymbols ANY = AllowedSymbols.where(symbol -> symbol != Symbols.EOT);

    /**
     * What is allowed is asked for by itself even where all symbols are wanted: what is improbable among them may be all that
     * is allowed, and a beam would drop it.
     *
     * @param all whether the probabilities of symbols that are not allowed are wanted too
     */
    static Step<WaysOfPart> of(ReadText part, AllowedSymbols allowed, byte[] output, boolean all) {
        if (!all || allowsAny(allowed)) {
            return part.ways(allowed, output).map(ways -> new WaysOfPart(part, ways, logProbs(ways, allowed)));
        }
        return part.ways(ANY, output)
                .then(any -> any.text().ways(allowed, output).map(ways -> {
                    double[] ofAny = logProbs(any, ANY);
                    double[] ofAllowed = logProbs(ways, allowed);
                    for (int symbol = 0; symbol < ofAny.length; symbol++) {
                        ofAny[symbol] = allowed.contains(symbol) ? ofAllowed[symbol] : ofAny[symbol];
                    }
                    return new WaysOfPart(part, ways, ofAny);
                }));
    }

    private static boolean allowsAny(AllowedSymbols allowed) {
        for (int symbol = 0; symbol < Symbols.COUNT; symbol++) {
            if (ANY.contains(symbol) && !allowed.contains(symbol)) {
                return false;
            }
        }
        return true;
    }

    private static double[] logProbs(ReadText.Ways ways, AllowedSymbols of) {
        return Arrays.stream(ways.logMasses(of))
                .map(logMass -> LogSpace.logDivide(logMass, ways.logBefore()))
                .toArray();
    }

    private boolean isAlive() {
        return !TextOfModels.isDead(part);
    }

    /** The part after an allowed byte; one that has run dry stays so, and asks for nothing. */
    Step<ReadText> readByte(byte[] output, int at) {
        return isAlive() ? ways.readByte(output, at) : Step.done(part);
    }

    /**
     * What the models together give each symbol: log-probabilities (nats), {@code [258]}. In a mixture only of the allowed
     * ones.
     */
    static double[] combined(List<WaysOfPart> each, Combination combination, AllowedSymbols allowed) {
        if (combination.needsDistributions()) {
            return combination
                    .of(each.stream()
                            .map(part -> NextByteDistribution.of(part.logProbs).normalize())
                            .toList())
                    .logProbs();
        }
        boolean[] reads = new boolean[each.size()];
        double[] column = new double[each.size()];
        for (int i = 0; i < reads.length; i++) {
            reads[i] = each.get(i).isAlive();
        }
        double[] mixed = new double[Symbols.COUNT];
        for (int symbol = 0; symbol < mixed.length; symbol++) {
            for (int i = 0; i < column.length; i++) {
                column[i] = each.get(i).logProbs[symbol];
            }
            mixed[symbol] = allowed.contains(symbol) ? combination.mixed(column, reads) : Double.NEGATIVE_INFINITY;
        }
        return mixed;
    }
}
