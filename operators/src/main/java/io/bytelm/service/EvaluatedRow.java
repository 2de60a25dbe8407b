package io.bytelm.service;

import io.bytelm.dist.Symbols;
import io.bytelm.lm.ModelException;
import io.bytelm.trie.SubtreeWeights;
import io.bytelm.trie.TokenByteTrie;
import org.jspecify.annotations.Nullable;

/**
 * The probabilities after one context, and the sums at the trie's root, which every expansion needs and which cost most;
 * with them those at the root's widest child, usually the space, which alone holds most of the columns. They are summed
 * when first asked for and do not depend on the EOS tokens. Safe for any thread.
 */
final class EvaluatedRow {
    /**
     * @param childSums {@code [258]}, as {@link SubtreeWeights#childSums} of the root without EOS tokens
     * @param widestChild the child of the root that the most tokens lie below, {@link TokenByteTrie#NONE} if there is none
     * @param widestChildSums {@code [258]}, the same of that child
     * @param total the sum of all columns
     */
    record RootSums(double[] childSums, int widestChild, double[] widestChildSums, double total) {}

    private final float[] columns;
    // Two threads may both sum; they get the same, so whichever is kept will do.
    private volatile @Nullable RootSums rootSums;

    EvaluatedRow(float[] columns) {
        this.columns = columns;
    }

    /** {@code [vocab]}: probabilities in the trie's order. */
    float[] columns() {
        return columns;
    }

    /** @throws ModelException if the probabilities are not such */
    RootSums rootSums(TokenByteTrie trie) {
        RootSums known = rootSums;
        if (known == null) {
            known = sumAtRoot(trie);
            rootSums = known;
        }
        return known;
    }

    private RootSums sumAtRoot(TokenByteTrie trie) {
        SubtreeWeights weights = new SubtreeWeights(trie, columns);
        int widest = widestChildOfRoot(trie);
        double[] widestSums = widest == TokenByteTrie.NONE ? new double[0] : weights.childSums(widest);
        double[] childSums = weights.childSums(trie.root(), widest, sum(widestSums));
        double total = sum(childSums);
        for (int node = trie.firstAtomicNode(); node < trie.eosNode(); node++) {
            total += weights.sum(node);
        }
        return new RootSums(childSums, widest, widestSums, checkedTotal(total));
    }

    /**
     * The sum of a whole row, if it can be one.
     *
     * @throws ModelException if it cannot
     */
    static double checkedTotal(double total) {
        if (!(total > 0 && total < Double.POSITIVE_INFINITY)) {
            throw new ModelException("the model's probabilities sum to " + total
                    + " instead of 1: its weights are damaged or its number format is too small for them");
        }
        return total;
    }

    private static int widestChildOfRoot(TokenByteTrie trie) {
        int widest = TokenByteTrie.NONE;
        int width = 0;
        for (int child = trie.firstChild(trie.root()); child < trie.childrenEnd(trie.root()); child++) {
            if (trie.end(child) - trie.first(child) > width) {
                widest = child;
                width = trie.end(child) - trie.first(child);
            }
        }
        return widest;
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    /** The memory (bytes) that a row of this vocabulary takes, its sums included. */
    static long bytes(int vocabularySize) {
        return (long) Float.BYTES * vocabularySize + 2L * Double.BYTES * Symbols.COUNT + 128;
    }
}
