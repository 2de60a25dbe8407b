package io.bytelm.service;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Masses of the most probable ways on from the end of a path: whoever reads a text byte by byte would ask for most of them
 * next. A tree, whose nodes are numbered with the heavier of two before the other; a way that is not in it may have mass all
 * the same. Immutable; arrays are not to be changed.
 *
 * @param parents {@code [nodes]}: the node that a node goes on from, {@link #PATH_END} where it goes on from the path; less
 *     than the node's own number
 * @param bytes {@code [nodes]}: the byte by which it does
 * @param logMass {@code [nodes]}: as in {@link Expansion}
 * @param endTokens {@code [nodes][]}: as in {@link Expansion}
 * @param endLogMass {@code [nodes][]}: as in {@link Expansion}
 */
public record MassesAhead(int[] parents, byte[] bytes, double[] logMass, int[][] endTokens, double[][] endLogMass) {
    /** The parent of the first byte after the path. */
    public static final int PATH_END = -1;

    /** How many masses there are. */
    public int count() {
        return parents.length;
    }

    /**
     * The answer along a longer path.
     *
     * @param toPathEnd the answer along the path itself, which the trie follows to its end
     * @param path a path that begins with that one
     * @return null if it is not known
     */
    @Nullable
    Expansion along(byte[] path, Expansion toPathEnd) {
        int known = toPathEnd.depth();
        double[] masses = Arrays.copyOf(toPathEnd.logMass(), path.length + 1);
        int[][] tokens = Arrays.copyOf(toPathEnd.endTokens(), path.length + 1);
        double[][] tokenMasses = Arrays.copyOf(toPathEnd.endLogMass(), path.length + 1);
        int at = PATH_END;
        for (int depth = known; depth < path.length; depth++) {
            int node = child(at, path[depth]);
            if (node < 0) {
                return null;
            }
            masses[depth + 1] = logMass[node];
            tokens[depth + 1] = endTokens[node];
            tokenMasses[depth + 1] = endLogMass[node];
            at = node;
        }
        return new Expansion(masses, tokens, tokenMasses, toPathEnd.eosLogMass(), new double[path.length + 1][]);
    }

    /** -1 if it is not among these. */
    private int child(int parent, byte next) {
        for (int node = parent + 1; node < parents.length; node++) {
            if (parents[node] == parent && bytes[node] == next) {
                return node;
            }
        }
        return -1;
    }
}
