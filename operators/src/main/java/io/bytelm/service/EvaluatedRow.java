package io.bytelm.service;

import io.bytelm.dist.Symbols;
import io.bytelm.lm.ModelException;
import io.bytelm.trie.SubtreeWeights;
import io.bytelm.trie.TokenByteTrie;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The probabilities after one context, and what has been summed of them at and below the root, where the most columns are:
 * each child of the root is summed once, when it is first asked for, since the columns of a row are seldom in a processor's
 * cache. The sums do not depend on hidden tokens: who hides some sums those children himself. Safe for any thread.
 */
final class EvaluatedRow {
    private final float[] columns;

    // Guarded by this.
    private final double[] childSums = new double[Symbols.COUNT];

    private double @Nullable [] rootSums;
    private double total;
    private double @Nullable [] widestChildSums;

    EvaluatedRow(float[] columns) {
        this.columns = columns;
        Arrays.fill(childSums, Double.NaN);
    }

    /** {@code [vocab]}: probabilities in the trie's order. */
    float[] columns() {
        return columns;
    }

    /** The sum below a child of the root; {@link Double#NaN} if it has not been summed. */
    synchronized double knownSum(int edgeByte) {
        return childSums[edgeByte];
    }

    synchronized void keepSum(int edgeByte, double sum) {
        childSums[edgeByte] = sum;
    }

    /**
     * {@code [258]}: as {@link SubtreeWeights#childSums} of the root without EOS tokens; not to be changed.
     *
     * @throws ModelException if the probabilities are not such
     */
    synchronized double[] rootSums(TokenByteTrie trie) {
        if (rootSums == null) {
            SubtreeWeights weights = new SubtreeWeights(trie, columns);
            int widest = trie.widestChildOfRoot();
            double[] sums = widest == TokenByteTrie.NONE
                    ? weights.childSums(trie.root())
                    : weights.childSums(trie.root(), widest, sum(widestChildSums(trie)));
            double sum = sum(sums);
            for (int node = trie.firstAtomicNode(); node < trie.eosNode(); node++) {
                sum += weights.sum(node);
            }
            total = checkedTotal(sum);
            System.arraycopy(sums, 0, childSums, 0, Symbols.EOT);
            rootSums = sums;
        }
        return rootSums;
    }

    /**
     * The sum of all columns.
     *
     * @throws ModelException if the probabilities are not such
     */
    synchronized double total(TokenByteTrie trie) {
        var unused = rootSums(trie);
        return total;
    }

    /** {@code [258]}: as {@link SubtreeWeights#childSums} of {@link TokenByteTrie#widestChildOfRoot} without EOS tokens; not to be changed. */
    synchronized double[] widestChildSums(TokenByteTrie trie) {
        if (widestChildSums == null) {
            widestChildSums = new SubtreeWeights(trie, columns).childSums(trie.widestChildOfRoot());
        }
        return widestChildSums;
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

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    /** The memory (bytes) that a row of this vocabulary takes, its sums included. */
    static long bytes(int vocabularySize) {
        return (long) Float.BYTES * vocabularySize + 3L * Double.BYTES * Symbols.COUNT + 160;
    }
}
