package io.bytelm.beam;

import io.bytelm.beam.PathMasses.Edge;
import io.bytelm.dist.LogSpace;
import io.bytelm.dist.Symbols;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The ways in which a beam can go on with what is allowed: with the token that is open, or with a new one after it. Each
 * reads the next symbol as it is; together they are what {@link Beam#continuations} has kept.
 *
 * @param beam the beam that they go on from; it has kept the answers that were needed
 * @param ways none if nothing allowed has any probability
 */
public record Continuations(Beam beam, List<Hypothesis> ways) {
    public Continuations {
        ways = List.copyOf(ways);
    }

    /** The longest context, in tokens, that the beam or one of the ways was read with. */
    public int longestContext() {
        return Beam.longest(beam.longestContext(), ways);
    }

    /** The log masses (nats) of the allowed symbols, {@code [258]}, after all that the beam has read; others have none. */
    public double[] logMasses(AllowedSymbols allowed) {
        double[] sums = new double[Symbols.COUNT];
        Arrays.fill(sums, Double.NEGATIVE_INFINITY);
        double[] column = new double[ways.size()];
        for (int symbol = 0; symbol < sums.length; symbol++) {
            if (allowed.contains(symbol)) {
                for (int i = 0; i < column.length; i++) {
                    Hypothesis way = ways.get(i);
                    column[i] = way.reweigh(way.knownMasses().expansion().rows()[way.partial().length][symbol]);
                }
                sums[symbol] = LogSpace.logSumExp(column);
            }
        }
        return sums;
    }

    /** The beam after the first of the known bytes. Its mass is that of {@link #logMasses}; without any it is dead. */
    public Step<Beam> read(Lookahead known) {
        Inquiry inquiry = new Inquiry(beam.params(), known);
        List<Step<Hypothesis>> asked = new ArrayList<>(ways.size());
        for (Hypothesis way : ways) {
            asked.add(way.edge(known.first()) == Edge.UNKNOWN ? inquiry.toAdvance(way) : Step.done(way));
        }
        return Step.together(asked).map(told -> after(told, known.first()));
    }

    /** The beam after EOS. */
    public Beam readEos() {
        return after(ways, Symbols.EOS);
    }

    private Beam after(List<Hypothesis> told, int symbol) {
        return new Beam(List.of(), beam.params(), beam.mode(), longestContext())
                .withHypotheses(told.stream()
                        .filter(way -> way.edge(symbol) == Edge.PRESENT)
                        .map(way -> way.read(symbol))
                        .filter(Hypothesis::hasMass)
                        .toList());
    }
}
