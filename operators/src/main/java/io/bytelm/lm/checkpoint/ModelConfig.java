package io.bytelm.lm.checkpoint;

import java.nio.file.Path;
import java.util.List;

/**
 * A model described: all that its loader and its forward pass are made from. Each family's own file turns the {@code
 * config.json} of a Hugging Face directory into one.
 *
 * @param family the family's name
 * @param embeddingMultiplier of the rows of the embedding, as inputs only
 * @param logitSoftCap {@code c} in {@code c * tanh(logit / c)}; {@link Attention#UNCAPPED} for none
 * @param tiedEmbeddings the output layer is the embedding, unless the checkpoint stores another
 * @param weights where the weights lie
 */
public record ModelConfig(
        String family,
        Shape shape,
        Norm norm,
        BlockLayout layout,
        Attention attention,
        FeedForward feedForward,
        double embeddingMultiplier,
        double logitSoftCap,
        boolean tiedEmbeddings,
        StoredModel weights) {

    /**
     * Reads {@code config.json}.
     *
     * @throws io.bytelm.lm.ModelException if it is missing, unreadable, or describes a model that cannot be evaluated
     */
    public static ModelConfig read(Path modelDirectory) {
        return Families.read(modelDirectory).model();
    }

    /** A model without multipliers and soft caps. */
    static ModelConfig plain(
            String family,
            Shape shape,
            Norm norm,
            BlockLayout layout,
            Attention attention,
            FeedForward feedForward,
            boolean tiedEmbeddings,
            StoredModel weights) {
        return new ModelConfig(
                family, shape, norm, layout, attention, feedForward, 1, Attention.UNCAPPED, tiedEmbeddings, weights);
    }

    ModelConfig withEmbeddingMultiplier(double multiplier) {
        return new ModelConfig(
                family, shape, norm, layout, attention, feedForward, multiplier, logitSoftCap, tiedEmbeddings, weights);
    }

    ModelConfig withLogitSoftCap(double softCap) {
        return new ModelConfig(
                family,
                shape,
                norm,
                layout,
                attention,
                feedForward,
                embeddingMultiplier,
                softCap,
                tiedEmbeddings,
                weights);
    }

    ModelConfig withNorm(Norm newNorm) {
        return new ModelConfig(
                family,
                shape,
                newNorm,
                layout,
                attention,
                feedForward,
                embeddingMultiplier,
                logitSoftCap,
                tiedEmbeddings,
                weights);
    }

    ModelConfig withLayout(BlockLayout newLayout) {
        return new ModelConfig(
                family,
                shape,
                norm,
                newLayout,
                attention,
                feedForward,
                embeddingMultiplier,
                logitSoftCap,
                tiedEmbeddings,
                weights);
    }

    /** Some of whose layers have experts. */
    ModelConfig withExperts(Experts experts, List<StoredLayer> layers) {
        return new ModelConfig(
                family,
                shape,
                norm,
                layout,
                attention,
                feedForward.withExperts(experts),
                embeddingMultiplier,
                logitSoftCap,
                tiedEmbeddings,
                weights.withLayers(layers));
    }

    ModelConfig withWeights(StoredModel newWeights) {
        return new ModelConfig(
                family,
                shape,
                norm,
                layout,
                attention,
                feedForward,
                embeddingMultiplier,
                logitSoftCap,
                tiedEmbeddings,
                newWeights);
    }

    ModelConfig withTiedEmbeddings(boolean newTiedEmbeddings) {
        return new ModelConfig(
                family,
                shape,
                norm,
                layout,
                attention,
                feedForward,
                embeddingMultiplier,
                logitSoftCap,
                newTiedEmbeddings,
                weights);
    }

    /** Whether each head has a {@link StoredLayer#sinks sink}. */
    public boolean hasSinks() {
        return weights.layers().stream().anyMatch(layer -> layer.sinks() != null);
    }

    /** Whether routers and experts have biases. */
    public boolean hasBiasedExperts() {
        return weights.layers().stream()
                .map(StoredLayer::experts)
                .anyMatch(experts -> experts != null && experts.biased());
    }

    /** The rows of the embedding, padding rows included. */
    public int vocabularySize() {
        return shape.vocabularySize();
    }

    public int hiddenSize() {
        return shape.hiddenSize();
    }

    public int layers() {
        return shape.layers();
    }

    public int heads() {
        return shape.heads();
    }

    public int keyValueHeads() {
        return shape.keyValueHeads();
    }

    public int headDim() {
        return shape.headDim();
    }

    public int feedForwardSize() {
        return shape.feedForwardSize();
    }

    /** The longest context in tokens. */
    public int maxPositions() {
        return shape.maxPositions();
    }

    public double normEpsilon() {
        return norm.epsilon();
    }
}
