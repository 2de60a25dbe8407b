package io.bytelm.beam;

import io.bytelm.beam.PathMasses.Edge;
import io.bytelm.dist.LogSpace;
import io.bytelm.dist.Symbols;
import io.bytelm.lm.TokenContext;
import io.bytelm.service.Expansion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One way to read the bytes so far as tokens: closed tokens, and the first bytes of a token that is still open. Immutable.
 *
 * @param context the closed tokens, BOS first
 * @param partial the bytes since the last closed token; not to be changed
 * @param logWeight the log mass (nats) of all token sequences that begin so; {@code -Infinity} is possible
 * @param terminated an EOS token was read: nothing follows
 * @param massMode the mode in which its masses were, or are to be, asked for
 * @param masses what the service said along {@code partial} and some bytes beyond; null if that has to be asked for
 *     (again). It is a cache: two hypotheses that differ in it alone are equal, and it is never stored.
 */
public record Hypothesis(
        TokenContext context,
        byte[] partial,
        double logWeight,
        boolean terminated,
        EosMode massMode,
        @Nullable PathMasses masses) {
    private static final byte[] NO_BYTES = {};

    /** A hypothesis between two tokens. */
    static Hypothesis atRoot(TokenContext context, double logWeight, EosMode mode, @Nullable PathMasses masses) {
        return new Hypothesis(context, NO_BYTES, logWeight, false, mode, masses);
    }

    boolean isAtRoot() {
        return partial.length == 0;
    }

    /** Whether {@code symbol} can be read; the EOS symbol always can between two tokens, be it without mass. */
    Edge edge(int symbol) {
        if (terminated) {
            return Edge.ABSENT;
        }
        if (masses == null) {
            return Edge.UNKNOWN;
        }
        if (symbol == Symbols.EOS) {
            return isAtRoot() ? Edge.PRESENT : Edge.ABSENT;
        }
        return masses.edge(partial.length, symbol);
    }

    /** Reads a symbol whose edge is present. */
    Hypothesis read(int symbol) {
        PathMasses known = knownMasses();
        if (symbol == Symbols.EOS) {
            double weight = reweigh(known.expansion().eosLogMass());
            return new Hypothesis(context, partial, weight, true, massMode, null);
        }
        byte[] longer = Arrays.copyOf(partial, partial.length + 1);
        longer[partial.length] = (byte) symbol;
        double weight = reweigh(known.logMass(longer.length));
        return new Hypothesis(context, longer, weight, false, massMode, known.withoutExtensions());
    }

    /**
     * The hypotheses that close a token here: one for each token of just these bytes, the heaviest first.
     *
     * @param mode the mode for their own masses
     */
    List<Hypothesis> extend(EosMode mode) {
        return terminated ? List.of() : closeTokenAt(partial.length, mode);
    }

    /** The hypotheses that close a token after the first {@code depth} open bytes and give the others back. */
    List<Hypothesis> closeTokenAt(int depth, EosMode mode) {
        PathMasses known = knownMasses();
        Expansion expansion = known.expansion();
        int[] tokens = expansion.endTokens()[depth];
        List<Hypothesis> closed = new ArrayList<>(tokens.length);
        for (int i = 0; i < tokens.length; i++) {
            double weight = reweigh(expansion.endLogMass()[depth][i]);
            closed.add(atRoot(
                    context.plus(tokens[i]), weight, mode, known.ofExtensions().get(tokens[i])));
        }
        return closed;
    }

    /** The weight of the share {@code logMass} of this hypothesis's own mass; never NaN. */
    double reweigh(double logMass) {
        return logWeight == Double.NEGATIVE_INFINITY
                ? logWeight
                : logWeight + LogSpace.logDivide(logMass, knownMasses().logMass(partial.length));
    }

    boolean hasMass() {
        return logWeight > Double.NEGATIVE_INFINITY;
    }

    boolean hasRow() {
        return masses != null && masses.hasRow(partial.length);
    }

    PathMasses knownMasses() {
        if (masses == null) {
            throw new IllegalStateException("the masses after " + context + " have not been asked for");
        }
        return masses;
    }

    Hypothesis withMasses(@Nullable PathMasses newMasses) {
        return new Hypothesis(context, partial, logWeight, terminated, massMode, newMasses);
    }

    /** The same hypothesis after other closed tokens; what the service said is forgotten. */
    Hypothesis withContext(TokenContext newContext) {
        return new Hypothesis(newContext, partial, logWeight, terminated, massMode, null);
    }

    /** The same hypothesis, whose masses are to be asked for in another mode. */
    Hypothesis askingIn(EosMode mode) {
        return new Hypothesis(context, partial, logWeight, terminated, mode, null);
    }

    Hypothesis withLogWeight(double newLogWeight) {
        return new Hypothesis(context, partial, newLogWeight, terminated, massMode, masses);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Hypothesis that
                && context.equals(that.context)
                && Arrays.equals(partial, that.partial)
                && Double.compare(logWeight, that.logWeight) == 0
                && terminated == that.terminated
                && massMode == that.massMode;
    }

    @Override
    public int hashCode() {
        return Objects.hash(context, Arrays.hashCode(partial), logWeight, terminated, massMode);
    }
}
