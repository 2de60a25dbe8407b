package io.bytelm.service;

import io.bytelm.dist.Symbols;
import io.bytelm.lm.ModelException;
import io.bytelm.trie.SubtreeWeights;
import io.bytelm.trie.TokenByteTrie;
import org.jspecify.annotations.Nullable;

/**
 * The probabilities after one context, and the sums at the trie's root, which every expansion needs and which cost most.
 * They are summed when first asked for and do not depend on the EOS tokens. Safe for any thread.
 */
final class EvaluatedRow {
    /**
     * @param childSums {@code [258]}, as {@link SubtreeWeights#childSums} of the root without EOS tokens
     * @param total the sum of all columns
     */
    record RootSums(double[] childSums, double total) {}

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
        double[] childSums = weights.childSums(trie.root());
        double total = 0;
        for (double sum : childSums) {
            total += sum;
        }
        for (int node = trie.firstAtomicNode(); node < trie.eosNode(); node++) {
            total += weights.sum(node);
        }
        if (!(total > 0 && total < Double.POSITIVE_INFINITY)) {
            throw new ModelException("the model's probabilities sum to " + total
                    + " instead of 1: its weights are damaged or its number format is too small for them");
        }
        return new RootSums(childSums, total);
    }

    /** The memory (bytes) that a row of this vocabulary takes, its sums included. */
    static long bytes(int vocabularySize) {
        return (long) Float.BYTES * vocabularySize + (long) Double.BYTES * Symbols.COUNT + 128;
    }
}
