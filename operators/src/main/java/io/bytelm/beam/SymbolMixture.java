package io.bytelm.beam;

import io.bytelm.dist.LogSpace;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Sums what several hypotheses expect, by symbol. */
final class SymbolMixture {
    private final List<double[]> parts = new ArrayList<>();

    /** A hypothesis that goes on with its open token; that the token ends is told by the extended hypotheses instead. */
    void addOpen(Hypothesis hypothesis) {
        add(hypothesis, false);
    }

    /** A hypothesis that has just closed a token. */
    void addExtended(Hypothesis hypothesis) {
        add(hypothesis, true);
    }

    private void add(Hypothesis hypothesis, boolean withEndOfToken) {
        if (hypothesis.terminated() || hypothesis.logWeight() == Double.NEGATIVE_INFINITY) {
            return;
        }
        double[] row = hypothesis.knownMasses().expansion().rows()[hypothesis.partial().length];
        double[] part = Arrays.stream(row).map(hypothesis::reweigh).toArray();
        if (!withEndOfToken) {
            part[Symbols.EOT] = Double.NEGATIVE_INFINITY;
        }
        parts.add(part);
    }

    NextByteDistribution normalized() {
        double[] sums = new double[Symbols.COUNT];
        double[] column = new double[parts.size()];
        for (int symbol = 0; symbol < sums.length; symbol++) {
            for (int i = 0; i < column.length; i++) {
                column[i] = parts.get(i)[symbol];
            }
            sums[symbol] = LogSpace.logSumExp(column);
        }
        double total = LogSpace.logSumExp(sums);
        return NextByteDistribution.of(
                Arrays.stream(sums).map(s -> LogSpace.logDivide(s, total)).toArray());
    }
}
