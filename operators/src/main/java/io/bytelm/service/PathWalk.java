package io.bytelm.service;

import io.bytelm.dist.Symbols;
import io.bytelm.trie.SubtreeWeights;
import io.bytelm.trie.TokenByteTrie;
import io.bytelm.vocab.Vocabulary;
import org.jspecify.annotations.Nullable;

/**
 * Sums the masses along one path, from its deepest node outward: what lies below is known when a node is reached, so that
 * each column is read once at most, and where the whole is taken as one, none but those below the path's first byte. The
 * root's children, where most columns are, are summed once a row, not once a walk.
 */
final class PathWalk {
    private static final int[] NO_TOKENS = new int[0];
    private static final double[] NO_MASSES = new double[0];

    private final TokenByteTrie trie;
    private final EvaluatedRow row;
    private final int[] hiddenPositions;
    private final SubtreeWeights weights;
    private final double eosSum;
    private final boolean takesWholeAsOne;

    /**
     * @param takesWholeAsOne as {@link ExpandRequest#takesWholeAsOne}
     * @throws io.bytelm.lm.ModelException if the row holds no probabilities
     */
    PathWalk(TokenByteTrie trie, EvaluatedRow row, HiddenTokens hidden, boolean takesWholeAsOne) {
        this.trie = trie;
        this.row = row;
        this.takesWholeAsOne = takesWholeAsOne;
        if (!takesWholeAsOne) {
            var summed = row.rootSums(trie);
        }
        this.hiddenPositions = hidden.positions();
        this.weights = new SubtreeWeights(trie, row.columns(), hiddenPositions);
        this.eosSum = new SubtreeWeights(trie, row.columns(), hidden.eosPositions()).eosSum();
    }

    /**
     * The answer to a request for this row and these tokens.
     *
     * @throws io.bytelm.lm.ModelException if the row holds no probabilities
     */
    Expansion along(byte[] path, int rowsFrom) {
        return along(path, PathNodes.along(trie, path), rowsFrom);
    }

    private Expansion along(byte[] path, int[] nodes, int rowsFrom) {
        int depth = nodes.length - 1;
        double[] mass = new double[depth + 1];
        int[][] endTokens = new int[depth + 1][];
        double[][] endMass = new double[depth + 1][];
        double[][] rows = new double[depth + 1][];
        for (int d = depth; d > 0; d--) {
            int next = d == depth ? TokenByteTrie.NONE : nodes[d + 1];
            double below = d == depth ? 0 : mass[d + 1];
            boolean summedOnceARow = d == 1 && !holdsHidden(nodes[1]);
            if (d >= rowsFrom) {
                boolean widest = summedOnceARow && nodes[1] == trie.widestChildOfRoot();
                rows[d] = widest ? row.widestChildSums(trie).clone() : weights.childSums(nodes[d], next, below);
            }
            mass[d] = summedOnceARow
                    ? massOnceARow(path[0] & 0xFF, nodes[1], rows[1], next, below)
                    : massAt(nodes[d], rows[d], next, below);
            endTokens[d] = PathNodes.endTokens(trie, nodes[d], weights::at);
            endMass[d] = massOfTokens(endTokens[d]);
        }
        boolean isInDoubt = depth == 0 || !(mass[1] > 0 && mass[1] < Double.POSITIVE_INFINITY);
        mass[0] = takesWholeAsOne && !isInDoubt ? 1 : row.total(trie);
        endTokens[0] = NO_TOKENS;
        endMass[0] = NO_MASSES;
        if (rowsFrom <= 0) {
            rows[0] = rootRow();
        }
        return Expansion.ofMasses(mass, endTokens, endMass, eosSum, rows);
    }

    /** The same, and what lies beyond the path: at most so many masses. */
    Expansion along(byte[] path, int rowsFrom, int ahead) {
        int[] nodes = PathNodes.along(trie, path);
        Expansion answer = along(path, nodes, rowsFrom);
        if (ahead < 1 || path.length == 0 || answer.depth() < path.length) {
            return answer;
        }
        return answer.with(new WalkAhead(trie, weights).below(nodes[path.length], ahead));
    }

    private double massOnceARow(int edgeByte, int child, double @Nullable [] childRow, int next, double below) {
        double known = row.knownSum(edgeByte);
        if (!Double.isNaN(known)) {
            return known;
        }
        double mass = massAt(child, childRow, next, below);
        row.keepSum(edgeByte, mass);
        return mass;
    }

    private double massAt(int node, double @Nullable [] itsRow, int next, double below) {
        if (itsRow != null) {
            return sum(itsRow);
        }
        if (next == TokenByteTrie.NONE) {
            return weights.sum(node);
        }
        return weights.sumOfRange(trie.first(node), trie.first(next))
                + below
                + weights.sumOfRange(trie.end(next), trie.end(node));
    }

    private boolean holdsHidden(int node) {
        for (int position : hiddenPositions) {
            if (position >= trie.first(node) && position < trie.end(node)) {
                return true;
            }
        }
        return false;
    }

    private double[] massOfTokens(int[] tokens) {
        if (tokens.length == 0) {
            return NO_MASSES;
        }
        double[] mass = new double[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            mass[i] = weights.at(trie.position(tokens[i]));
        }
        return mass;
    }

    /** The row's sums at the root, those anew that hidden tokens have a part in. */
    private double[] rootRow() {
        double[] sums = row.rootSums(trie).clone();
        int root = trie.root();
        Vocabulary vocabulary = trie.vocabulary();
        int summed = TokenByteTrie.NONE;
        for (int position : hiddenPositions) {
            byte[] bytes = vocabulary.bytes(trie.token(position));
            if (bytes.length == 0) {
                sums[Symbols.EOT] = weights.sumOfRange(trie.first(root), trie.endsEnd(root));
            } else if (!trie.isAtomic(trie.nodeOf(trie.token(position)))) {
                int child = trie.child(root, bytes[0] & 0xFF);
                if (child != summed) { // positions of one child are neighbours
                    sums[bytes[0] & 0xFF] = weights.sum(child);
                    summed = child;
                }
            }
        }
        sums[Symbols.EOS] = eosSum;
        return sums;
    }

    private static double sum(double[] masses) {
        double sum = 0;
        for (double mass : masses) {
            sum += mass;
        }
        return sum;
    }
}
