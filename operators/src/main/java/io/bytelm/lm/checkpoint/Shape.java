package io.bytelm.lm.checkpoint;

/**
 * The sizes of a model.
 *
 * @param vocabularySize the rows of the embedding, padding rows included
 * @param hiddenSize the width of the residual stream
 * @param keyValueHeads divides {@code heads}
 * @param headDim of queries, keys and values; even
 * @param feedForwardSize the inner width of the feed-forward block
 * @param maxPositions the longest context in tokens
 */
public record Shape(
        int vocabularySize,
        int hiddenSize,
        int layers,
        int heads,
        int keyValueHeads,
        int headDim,
        int feedForwardSize,
        int maxPositions) {

    /** Reads the keys that most families use. */
    static Shape read(ConfigFile config) {
        int heads = config.positiveInt("num_attention_heads");
        return read(config, config.positiveInt("num_key_value_heads", heads));
    }

    /** Reads the keys that most families use; heads without a size divide the hidden size. */
    static Shape read(ConfigFile config, int keyValueHeads) {
        int hiddenSize = config.positiveInt("hidden_size");
        int heads = config.positiveInt("num_attention_heads");
        int headDim = config.hasSize("head_dim")
                ? config.positiveInt("head_dim")
                : dividedByHeads(config, "hidden_size", hiddenSize, "num_attention_heads", heads);
        return new Shape(
                        config.positiveInt("vocab_size"),
                        hiddenSize,
                        config.positiveInt("num_hidden_layers"),
                        heads,
                        keyValueHeads,
                        headDim,
                        config.positiveInt("intermediate_size"),
                        config.positiveInt("max_position_embeddings"))
                .checked(config);
    }

    /**
     * Of a model whose heads all have keys and values of their own, by other names than most families'.
     *
     * @param inner may be absent: four times the hidden size
     */
    static Shape ofEqualHeads(
            ConfigFile config, String hidden, String layers, String heads, String inner, int maxPositions) {
        int hiddenSize = config.positiveInt(hidden);
        int headCount = config.positiveInt(heads);
        return new Shape(
                        config.positiveInt("vocab_size"),
                        hiddenSize,
                        config.positiveInt(layers),
                        headCount,
                        headCount,
                        dividedByHeads(config, hidden, hiddenSize, heads, headCount),
                        config.positiveInt(inner, 4 * hiddenSize),
                        maxPositions)
                .checked(config);
    }

    /** As the other, with a feed-forward block of four times the hidden size. */
    static Shape ofEqualHeads(ConfigFile config, String hidden, String layers, String heads, int maxPositions) {
        return ofEqualHeads(config, hidden, layers, heads, "", maxPositions);
    }

    static int dividedByHeads(ConfigFile config, String key, int size, String headsKey, int heads) {
        if (size % heads != 0) {
            throw config.refusal(key, "is " + size + ", no multiple of the " + heads + " heads ('" + headsKey + "')");
        }
        return size / heads;
    }

    Shape checked(ConfigFile config) {
        if (heads % keyValueHeads != 0) {
            throw config.refusal("'num_attention_heads' (" + heads + ") is not a multiple of the " + keyValueHeads
                    + " key-value heads ('num_key_value_heads')");
        }
        if (headDim % 2 != 0) {
            throw config.refusal("heads of an odd number of dimensions (" + headDim
                    + ": 'head_dim', or 'hidden_size' by" + " 'num_attention_heads') are not supported");
        }
        return this;
    }

    Shape withMaxPositions(int newMaxPositions) {
        return new Shape(
                vocabularySize, hiddenSize, layers, heads, keyValueHeads, headDim, feedForwardSize, newMaxPositions);
    }

    Shape withFeedForwardSize(int newFeedForwardSize) {
        return new Shape(
                vocabularySize, hiddenSize, layers, heads, keyValueHeads, headDim, newFeedForwardSize, maxPositions);
    }

    Shape withKeyValueHeads(int newKeyValueHeads) {
        return new Shape(
                vocabularySize, hiddenSize, layers, heads, newKeyValueHeads, headDim, feedForwardSize, maxPositions);
    }

    /** The width of all queries together. */
    int queryWidth() {
        return heads * headDim;
    }

    /** The width of all keys together, and of all values. */
    int keyWidth() {
        return keyValueHeads * headDim;
    }
}
