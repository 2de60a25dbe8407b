package io.bytelm.service;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The answer to an {@link ExpandRequest}: log masses (nats) along its path. The depth counts bytes, 0 is the trie's root,
 * where all mass is (log 1 = 0). Immutable; arrays are not to be changed.
 *
 * @param logMass {@code [depth + 1]}: the mass of all tokens that begin with the path's first {@code d} bytes;
 *     {@code depth} is how far the trie follows the path. {@code -Infinity} where there are such tokens but no mass.
 * @param endTokens {@code [depth + 1][]}: the ids of the tokens that are just the path's first {@code d} bytes, the one
 *     with the most mass first, then by id; more than one if the vocabulary has the same bytes twice, usually none or one.
 *     Empty at the root: a token without bytes closes nothing.
 * @param endLogMass {@code [depth + 1][]}: the mass of each of those; {@code -Infinity} for an EOS token
 * @param eosLogMass the mass of the EOS tokens at the root, {@code -Infinity} without
 * @param rows {@code [depth + 1][258]}: for each depth at or below {@link ExpandRequest#rowsFrom()}, by symbol, the mass
 *     below each next byte, the mass of tokens that end here (symbol 256), and at the root of EOS (symbol 257); null at
 *     depths where none was asked for
 * @param ahead what lies beyond the path's end, if the caller has use for it, the service tells it, and the trie follows
 *     the path so far; else null
 */
public record Expansion(
        double[] logMass,
        int[][] endTokens,
        double[][] endLogMass,
        double eosLogMass,
        double[][] rows,
        @Nullable MassesAhead ahead) {
    /** Without anything beyond the path. */
    public Expansion(double[] logMass, int[][] endTokens, double[][] endLogMass, double eosLogMass, double[][] rows) {
        this(logMass, endTokens, endLogMass, eosLogMass, rows, null);
    }

    /** The same answer, with what lies beyond the path. */
    public Expansion with(MassesAhead beyond) {
        return new Expansion(logMass, endTokens, endLogMass, eosLogMass, rows, beyond);
    }

    /**
     * The answer along a path that begins with this answer's own.
     *
     * @return null if it is not known
     */
    public @Nullable Expansion along(byte[] longer) {
        return ahead == null ? null : ahead.along(longer, this);
    }

    /**
     * The answer along the beginning of this answer's own path, without what lies beyond.
     *
     * @param shorter at most {@link #depth}
     */
    public Expansion upTo(int shorter) {
        int nodes = shorter + 1;
        return new Expansion(
                Arrays.copyOf(logMass, nodes),
                Arrays.copyOf(endTokens, nodes),
                Arrays.copyOf(endLogMass, nodes),
                eosLogMass,
                Arrays.copyOf(rows, nodes));
    }

    /** How many bytes of the path the trie follows. */
    public int depth() {
        return logMass.length - 1;
    }

    /** The answer from masses that are no logs yet; takes the arrays over. */
    static Expansion ofMasses(double[] mass, int[][] endTokens, double[][] endMass, double eosMass, double[][] rows) {
        toLogs(mass);
        for (double[] masses : endMass) {
            toLogs(masses);
        }
        for (double[] masses : rows) {
            if (masses != null) {
                toLogs(masses);
            }
        }
        return new Expansion(mass, endTokens, endMass, Math.log(eosMass), rows);
    }

    private static void toLogs(double[] masses) {
        for (int i = 0; i < masses.length; i++) {
            masses[i] = Math.log(masses[i]);
        }
    }
}
