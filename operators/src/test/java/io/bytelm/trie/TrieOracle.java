package io.bytelm.trie;

import io.bytelm.dist.Symbols;
import io.bytelm.vocab.Vocabulary;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntPredicate;

/** What a trie must say about weights, token by token from the definition, with no trie. */
public final class TrieOracle {
    private final Vocabulary vocabulary;
    private final int[] atomic;
    private final int[] eos;
    private final float[] weights;
    private final DoubleBinaryOperator operator;

    /**
     * @param weights by token id
     * @param operator sum or maximum
     */
    public TrieOracle(Vocabulary vocabulary, int[] atomic, int[] eos, float[] weights, DoubleBinaryOperator operator) {
        this.vocabulary = vocabulary;
        this.atomic = atomic;
        this.eos = eos;
        this.weights = weights;
        this.operator = operator;
    }

    public double total() {
        return over(token -> true);
    }

    public double eosMass() {
        return over(this::isEos);
    }

    /** Over the tokens, other than atomic and EOS ones, that begin with these bytes. */
    public double below(byte[] prefix) {
        return over(token -> !isEos(token) && !isAtomic(token) && startsWith(token, prefix));
    }

    /** Over the tokens, other than atomic and EOS ones, that are these bytes. */
    public double endingAt(byte[] bytes) {
        return over(token -> !isEos(token) && !isAtomic(token) && Arrays.equals(vocabulary.bytes(token), bytes));
    }

    /** Over the atomic tokens, other than EOS ones, that are these bytes. */
    public double atomic(byte[] bytes) {
        return over(token -> !isEos(token) && isAtomic(token) && Arrays.equals(vocabulary.bytes(token), bytes));
    }

    public double[] row(byte[] prefix) {
        double[] row = new double[Symbols.COUNT];
        for (int token = 0; token < weights.length; token++) {
            byte[] bytes = vocabulary.bytes(token);
            if (!isEos(token) && !isAtomic(token) && startsWith(token, prefix) && bytes.length > prefix.length) {
                int next = bytes[prefix.length] & 0xFF;
                row[next] = operator.applyAsDouble(row[next], weights[token]);
            }
        }
        row[Symbols.EOT] = endingAt(prefix);
        row[Symbols.EOS] = prefix.length == 0 ? eosMass() : 0;
        return row;
    }

    public boolean isEos(int token) {
        return Arrays.stream(eos).anyMatch(t -> t == token);
    }

    public boolean isAtomic(int token) {
        return vocabulary.bytes(token).length > 0 && Arrays.stream(atomic).anyMatch(t -> t == token);
    }

    private double over(IntPredicate belongs) {
        double value = 0;
        for (int token = 0; token < weights.length; token++) {
            if (belongs.test(token)) {
                value = operator.applyAsDouble(value, weights[token]);
            }
        }
        return value;
    }

    private boolean startsWith(int token, byte[] prefix) {
        byte[] bytes = vocabulary.bytes(token);
        return bytes.length >= prefix.length && Arrays.equals(Arrays.copyOf(bytes, prefix.length), prefix);
    }
}
