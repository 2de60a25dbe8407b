package io.bytelm.trie;

import io.bytelm.dist.Symbols;
import java.util.Arrays;

/**
 * Weights of tokens, seen from the nodes of a trie: the sum and the maximum over the tokens at or below each. The weights
 * of EOS tokens lie on the EOS node instead of along their bytes; at the root they still count. Sums add non-negative
 * terms in double, over a contiguous range or level by level, never as a difference of running totals: a rare token
 * beside a frequent one keeps all its digits. Immutable; safe for any thread as long as nobody changes the arrays.
 */
public final class SubtreeWeights {
    private static final int[] NO_EOS = new int[0];

    private final TokenByteTrie trie;
    private final float[] columns;
    private final int[] eosPositions;

    /** Without EOS tokens. */
    public SubtreeWeights(TokenByteTrie trie, float[] columns) {
        this(trie, columns, NO_EOS);
    }

    /**
     * @param columns {@code [vocab]}: non-negative weights in the trie's {@link TokenByteTrie#columnOrder}; kept, not
     *     copied
     * @param eosPositions from {@link TokenByteTrie#eosPositions}; kept, not copied
     * @throws IllegalArgumentException if there is not one column a token
     */
    public SubtreeWeights(TokenByteTrie trie, float[] columns, int[] eosPositions) {
        int vocab = trie.vocabulary().size();
        if (columns.length != vocab) {
            throw new IllegalArgumentException(columns.length + " weights for a vocabulary of " + vocab + " tokens");
        }
        this.trie = trie;
        this.columns = columns;
        this.eosPositions = eosPositions;
    }

    /** The sum over the tokens at or below a node. */
    public double sum(int node) {
        return at(node, RangeReduction.SUM);
    }

    /** The maximum over the tokens at or below a node, 0 if there are none. */
    public double max(int node) {
        return at(node, RangeReduction.MAX);
    }

    /** The sum over positions {@code from .. to - 1} without the EOS tokens. */
    public double sumOfRange(int from, int to) {
        return overRange(from, to, RangeReduction.SUM);
    }

    /** The weight of one position, 0 for an EOS token. */
    public double at(int position) {
        return isEos(position) ? 0 : columns[position];
    }

    /** The sum over the EOS tokens. */
    public double eosSum() {
        return overEos(RangeReduction.SUM);
    }

    /**
     * The sums of what may come after a node: {@code [258]} by symbol. Symbol 256 is the sum of the tokens that end at the
     * node; symbol 257, at the root only, that of the EOS tokens. Atomic tokens are not among them: no symbol leads there.
     */
    public double[] childSums(int node) {
        return children(node, TokenByteTrie.NONE, 0, RangeReduction.SUM);
    }

    /** {@link #childSums(int)} where the sum of one child is known already, so that its columns are not read again. */
    public double[] childSums(int node, int knownChild, double knownSum) {
        return children(node, knownChild, knownSum, RangeReduction.SUM);
    }

    /** The maxima of what may come after a node, by symbol as in {@link #childSums}. */
    public double[] childMaxima(int node) {
        return children(node, TokenByteTrie.NONE, 0, RangeReduction.MAX);
    }

    /** The sum of every node, {@code [nodeCount]}. */
    public double[] sums() {
        double[] sums = new double[trie.nodeCount()];
        sumsInto(sums);
        return sums;
    }

    /**
     * Writes {@link #sums} into an array that is used again.
     *
     * @param sums {@code [nodeCount]}
     */
    public void sumsInto(double[] sums) {
        reduceInto(sums, RangeReduction.SUM);
    }

    /** The maximum of every node, {@code [nodeCount]}. */
    public double[] maxima() {
        double[] maxima = new double[trie.nodeCount()];
        reduceInto(maxima, RangeReduction.MAX);
        return maxima;
    }

    /** {@link #sums} of each row: {@code [batch][vocab]} in, {@code [batch][nodeCount]} out. */
    public static double[][] sums(TokenByteTrie trie, float[][] batch, int[] eosPositions) {
        return Arrays.stream(batch)
                .map(row -> new SubtreeWeights(trie, row, eosPositions).sums())
                .toArray(double[][]::new);
    }

    /** {@link #maxima} of each row: {@code [batch][vocab]} in, {@code [batch][nodeCount]} out. */
    public static double[][] maxima(TokenByteTrie trie, float[][] batch, int[] eosPositions) {
        return Arrays.stream(batch)
                .map(row -> new SubtreeWeights(trie, row, eosPositions).maxima())
                .toArray(double[][]::new);
    }

    /** {@link #childSums} of each row at its node: {@code [batch][vocab]} and {@code [batch]} in, {@code [batch][258]} out. */
    public static double[][] childSums(TokenByteTrie trie, float[][] batch, int[] nodes, int[] eosPositions) {
        double[][] sums = new double[batch.length][];
        for (int i = 0; i < batch.length; i++) {
            sums[i] = new SubtreeWeights(trie, batch[i], eosPositions).childSums(nodes[i]);
        }
        return sums;
    }

    /** {@link #childMaxima} of each row at its node, shapes as in the batched {@code childSums}. */
    public static double[][] childMaxima(TokenByteTrie trie, float[][] batch, int[] nodes, int[] eosPositions) {
        double[][] maxima = new double[batch.length][];
        for (int i = 0; i < batch.length; i++) {
            maxima[i] = new SubtreeWeights(trie, batch[i], eosPositions).childMaxima(nodes[i]);
        }
        return maxima;
    }

    private double at(int node, RangeReduction reduction) {
        if (node == trie.eosNode()) {
            return overEos(reduction);
        }
        if (node == trie.root()) {
            return reduction.over(columns, 0, columns.length);
        }
        return overRange(trie.first(node), trie.end(node), reduction);
    }

    private double[] children(int node, int knownChild, double knownValue, RangeReduction reduction) {
        double[] row = new double[Symbols.COUNT];
        int end = trie.childrenEnd(node);
        for (int child = trie.firstChild(node); child < end; child++) {
            row[trie.edgeByte(child)] =
                    child == knownChild ? knownValue : overRange(trie.first(child), trie.end(child), reduction);
        }
        row[Symbols.EOT] = overRange(trie.first(node), trie.endsEnd(node), reduction);
        if (node == trie.root()) {
            row[Symbols.EOS] = overEos(reduction);
        }
        return row;
    }

    /**
     * Every token's weight goes to the node where it ends, then every node's to its parent, the deepest first: two loops
     * without branches, which is several times faster than to visit each node's tokens and children.
     */
    private void reduceInto(double[] values, RangeReduction reduction) {
        if (values.length != trie.nodeCount()) {
            throw new IllegalArgumentException(values.length + " places for " + trie.nodeCount() + " nodes");
        }
        Arrays.fill(values, 0);
        float[] withoutEos = columnsWithoutEos();
        for (int position = 0; position < withoutEos.length; position++) {
            int node = trie.endNode(position);
            values[node] = reduction.of(values[node], withoutEos[position]);
        }
        values[trie.eosNode()] = overEos(reduction);
        for (int node = values.length - 1; node > trie.root(); node--) {
            int parent = trie.parent(node);
            values[parent] = reduction.of(values[parent], values[node]);
        }
    }

    private float[] columnsWithoutEos() {
        if (eosPositions.length == 0) {
            return columns;
        }
        float[] without = columns.clone();
        for (int position : eosPositions) {
            without[position] = 0;
        }
        return without;
    }

    private double overRange(int from, int to, RangeReduction reduction) {
        if (eosPositions.length == 0) {
            return reduction.over(columns, from, to);
        }
        double value = 0;
        int at = from;
        for (int i = firstEosFrom(from); i < eosPositions.length && eosPositions[i] < to; i++) {
            value = reduction.of(value, reduction.over(columns, at, eosPositions[i]));
            at = eosPositions[i] + 1;
        }
        return reduction.of(value, reduction.over(columns, at, to));
    }

    private double overEos(RangeReduction reduction) {
        double value = 0;
        for (int position : eosPositions) {
            value = reduction.of(value, columns[position]);
        }
        return value;
    }

    private boolean isEos(int position) {
        return Arrays.binarySearch(eosPositions, position) >= 0;
    }

    private int firstEosFrom(int position) {
        int found = Arrays.binarySearch(eosPositions, position);
        return found >= 0 ? found : -found - 1;
    }
}
