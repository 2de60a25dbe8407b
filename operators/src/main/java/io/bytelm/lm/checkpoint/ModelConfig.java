package io.bytelm.lm.checkpoint;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A model described: all that its loader and its forward pass are made from. Each family's own file turns the {@code
 * config.json} of a Hugging Face directory into one.
 *
 * @param family the family's name
 * @param embeddingMultiplier of the rows of the embedding, as inputs only
 * @param logitSoftCap {@code c} in {@code c * tanh(logit / c)}; {@link Attention#UNCAPPED} for none
 * @param tiedEmbeddings the output layer is the embedding, unless the checkpoint stores another
 * @param weights where the weights lie
 * @param filledIn sizes that {@code config.json} leaves out, by key, as transformers has them
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
        StoredModel weights,
        Map<String, Integer> filledIn) {
    /** Puts the sizes in order. */
    public ModelConfig {
        filledIn = Collections.unmodifiableMap(new TreeMap<>(filledIn));
    }

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
                family,
                shape,
                norm,
                layout,
                attention,
                feedForward,
                1,
                Attention.UNCAPPED,
                tiedEmbeddings,
                weights,
                Map.of());
    }

    ModelConfig withEmbeddingMultiplier(double multiplier) {
        return new ModelConfig(
                family,
                shape,
                norm,
                layout,
                attention,
                feedForward,
                multiplier,
                logitSoftCap,
                tiedEmbeddings,
                weights,
                filledIn);
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
                weights,
                filledIn);
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
                weights,
                filledIn);
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
                weights,
                filledIn);
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
                weights.withLayers(layers),
                filledIn);
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
                newWeights,
                filledIn);
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
                weights,
                filledIn);
    }

    ModelConfig withFilledIn(Map<String, Integer> sizes) {
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
                weights,
                sizes);
    }

    /** What to say where something is wrong that may come from sizes that were not given: empty if all were. */
    String sizesLeftOut() {
        return sizesLeftOut(filledIn);
    }

    static String sizesLeftOut(Map<String, Integer> sizes) {
        return sizes.isEmpty()
                ? ""
                : sizes.entrySet().stream()
                        .map(size -> "'" + size.getKey() + "' " + size.getValue())
                        .collect(Collectors.joining(
                                ", ", "; left out of config.json, and so transformers' default: ", ""));
    }

    /** Whether each head has a {@link StoredLayer#sinks sink}. */
    public boolean hasSinks() {
        return weights.layers().stream().anyMatch(layer -> layer.sinks() != null);
    }

    /** Whether the activation takes numbers that each layer has of its own. */
    public boolean hasLearnedActivation() {
        return feedForward.activation() == Activation.XIELU;
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
