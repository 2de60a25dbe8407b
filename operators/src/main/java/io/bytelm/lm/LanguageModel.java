package io.bytelm.lm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token language model: a pure function from a context to a distribution over the next token. Caches inside may only
 * save time. Not thread-safe: one thread at a time calls it (the micro-batcher's).
 */
public interface LanguageModel extends AutoCloseable {
    /** The number of token ids, padding rows included. */
    int vocabularySize();

    /**
     * Evaluates a batch; contexts may differ in length and share beginnings in any way.
     *
     * @param contexts {@code [batch]}; at least one
     * @return {@code [batch][vocab]}: the probability of each next token, in [0, 1], float32; column {@code j} belongs to
     *     token {@code columnOrder[j]} if the model was opened with an order, else to token {@code j}
     * @throws ModelException if the batch cannot be evaluated
     */
    float[][] nextTokenProbabilities(List<TokenContext> contexts);

    /**
     * Tells that these contexts and all of their beginnings are likely to be asked for soon. A model that caches states
     * computes theirs now, many tokens at once; their probabilities then cost little. Changes no result.
     *
     * @param contexts {@code [batch]}, maybe none
     * @throws ModelException if the batch cannot be evaluated
     */
    default void prefetch(List<TokenContext> contexts) {}

    /**
     * How many tokens of contexts, each shared beginning counted once, the model keeps states of. Who reads more texts at
     * once than fit makes it compute their states again and again. Any thread may ask.
     *
     * @return {@link Long#MAX_VALUE} if contexts cost the same whatever was evaluated before
     */
    default long keptTokens() {
        return Long.MAX_VALUE;
    }

    /**
     * How many tokens of a context the model reads at most; of a longer one the oldest fall out. Any thread may ask.
     *
     * @return {@link Long#MAX_VALUE} if it reads contexts of any length
     */
    default long contextTokens() {
        return Long.MAX_VALUE;
    }

    /**
     * Makes places for rows that stay on the model's device.
     *
     * @param capacity how many, at least 1
     * @return null if rows are best read by the host: then there are no such places
     * @throws ModelException if the device has no memory for so many
     */
    default @Nullable DeviceRows deviceRows(int capacity) {
        return null;
    }

    /** The memory of its device now; null if it has none of its own, or does not say. Any thread may ask. */
    default @Nullable DeviceMemory deviceMemory() {
        return null;
    }

    /** What its probabilities depend on besides the contexts, apart from the vocabulary. Any thread may ask. */
    default ModelIdentity identity() {
        return ModelIdentity.UNKNOWN;
    }

    @Override
    void close();
}
