package io.bytelm.canonical;

import io.bytelm.service.Expansion;
import java.util.Arrays;

/**
 * What the service said after a context along the bytes that followed it.
 *
 * @param path the bytes that were asked about; not to be changed
 * @param expansion the answer
 */
record Masses(byte[] path, Expansion expansion) {
    /** Of a context that has been evaluated, and has to be asked about again. */
    static final Masses FORGOTTEN = new Masses(
            new byte[0],
            new Expansion(new double[1], new int[1][0], new double[1][0], Double.NEGATIVE_INFINITY, new double[1][]));

    /** Whether the masses of so many bytes of the text are known. */
    boolean cover(int depth) {
        return depth <= path.length || expansion.depth() < path.length;
    }

    /** The same without what was asked about the bytes after so many. */
    Masses upTo(int depth) {
        return depth < path.length ? new Masses(Arrays.copyOf(path, depth), expansion) : this;
    }

    boolean haveRow(int depth) {
        return depth <= expansion.depth() && expansion.rows()[depth] != null;
    }

    /** The log mass of all tokens that begin with so many bytes. */
    double logMass(int depth) {
        return depth <= expansion.depth() ? expansion.logMass()[depth] : Double.NEGATIVE_INFINITY;
    }

    /** The log mass of a token of just so many bytes. */
    double logMass(int depth, int token) {
        if (depth <= expansion.depth()) {
            int[] tokens = expansion.endTokens()[depth];
            for (int i = 0; i < tokens.length; i++) {
                if (tokens[i] == token) {
                    return expansion.endLogMass()[depth][i];
                }
            }
        }
        return Double.NEGATIVE_INFINITY;
    }
}
