package io.bytelm.dist;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Two distributions side by side.
 *
 * @param rows {@code [258]} in the order of symbols
 */
public record DistributionComparison(List<Row> rows) {
    /**
     * One symbol in both.
     *
     * @param left log-probability (nats) in the one
     * @param right log-probability (nats) in the other
     * @param difference {@code |left - right|} (nats): 0 where both are {@code -Infinity}, infinite where one is
     */
    public record Row(int symbol, double left, double right, double difference) {
        static Row of(int symbol, double left, double right) {
            return new Row(symbol, left, right, left == right ? 0 : Math.abs(left - right));
        }
    }

    public DistributionComparison {
        rows = List.copyOf(rows);
    }

    static DistributionComparison of(NextByteDistribution left, NextByteDistribution right) {
        List<Row> rows = new ArrayList<>(Symbols.COUNT);
        for (int symbol = 0; symbol < Symbols.COUNT; symbol++) {
            rows.add(Row.of(symbol, left.logProb(symbol), right.logProb(symbol)));
        }
        return new DistributionComparison(rows);
    }

    /** The largest difference of any symbol (nats). */
    public double largestDifference() {
        return rows.stream().mapToDouble(Row::difference).max().orElse(0);
    }

    /** A table of the symbols that differ most, largest difference first; symbols possible in neither are left out. */
    public String toTable(int mostRows) {
        StringBuilder table = new StringBuilder(
                String.format(Locale.ROOT, "%-6s %12s %12s %12s%n", "symbol", "left", "right", "difference"));
        rows.stream()
                .filter(row -> Math.max(row.left(), row.right()) > Double.NEGATIVE_INFINITY)
                .sorted(Comparator.comparingDouble(Row::difference).reversed())
                .limit(mostRows)
                .forEach(row -> table.append(String.format(
                        Locale.ROOT,
                        "%-6s %12.6f %12.6f %12.3e%n",
                        Symbols.label(row.symbol()),
                        row.left(),
                        row.right(),
                        row.difference())));
        return table.toString();
    }
}
