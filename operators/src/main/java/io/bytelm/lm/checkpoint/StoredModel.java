package io.bytelm.lm.checkpoint;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a model's weights lie in its checkpoint.
 *
 * @param prefixes what may stand before all names but the output layer's; the first with which the embedding is there
 * @param embedding {@code [vocab, hidden]}
 * @param positions {@code [firstPosition + maxPositions, hidden]}; null for a model without learned positions
 * @param firstPosition the row of the first position
 * @param heads names that the output layer, {@code [vocab, hidden]}, may have, without {@code .weight}
 * @param headBiased whether the output layer has a bias
 * @param layers one for each layer
 * @param ignored names of tensors that no probability depends on
 * @param embeddingNorm of the embeddings, as inputs only; {@link StoredNorm#NONE} if there is none
 */
public record StoredModel(
        List<String> prefixes,
        String embedding,
        @Nullable String positions,
        int firstPosition,
        StoredNorm finalNorm,
        List<String> heads,
        boolean headBiased,
        List<StoredLayer> layers,
        List<Pattern> ignored,
        StoredNorm embeddingNorm) {
    private static final Pattern TURNS = Pattern.compile(".*rotary_emb\\.inv_freq");

    /** Copies the lists. */
    public StoredModel {
        prefixes = List.copyOf(prefixes);
        heads = List.copyOf(heads);
        layers = List.copyOf(layers);
        ignored = List.copyOf(ignored);
    }

    /** Without a norm of the embeddings. */
    StoredModel(
            List<String> prefixes,
            String embedding,
            @Nullable String positions,
            int firstPosition,
            StoredNorm finalNorm,
            List<String> heads,
            boolean headBiased,
            List<StoredLayer> layers,
            List<Pattern> ignored) {
        this(
                prefixes,
                embedding,
                positions,
                firstPosition,
                finalNorm,
                heads,
                headBiased,
                layers,
                ignored,
                StoredNorm.NONE);
    }

    /** The names of Llama and of those who follow it. */
    static StoredModel llama(StoredNorm finalNorm, List<StoredLayer> layers) {
        return new StoredModel(
                List.of("model."),
                "embed_tokens.weight",
                null,
                0,
                finalNorm,
                List.of("lm_head"),
                false,
                layers,
                List.of(TURNS));
    }

    /** What stands before the names of a checkpoint with these tensors. */
    public String prefix(Predicate<String> tensors) {
        return prefixes.stream()
                .filter(prefix -> tensors.test(prefix + embedding))
                .findFirst()
                .orElse(prefixes.get(0));
    }

    /** The output layer's name in a checkpoint with these tensors, whether it is stored there or not. */
    public String head(Predicate<String> tensors) {
        return heads.stream()
                .filter(name -> tensors.test(name + ".weight"))
                .findFirst()
                .orElse(heads.get(0));
    }

    StoredModel withHeadBias() {
        return new StoredModel(
                prefixes, embedding, positions, firstPosition, finalNorm, heads, true, layers, ignored, embeddingNorm);
    }

    StoredModel withLayers(List<StoredLayer> newLayers) {
        return new StoredModel(
                prefixes,
                embedding,
                positions,
                firstPosition,
                finalNorm,
                heads,
                headBiased,
                newLayers,
                ignored,
                embeddingNorm);
    }

    StoredModel withFinalNorm(StoredNorm newFinalNorm) {
        return new StoredModel(
                prefixes,
                embedding,
                positions,
                firstPosition,
                newFinalNorm,
                heads,
                headBiased,
                layers,
                ignored,
                embeddingNorm);
    }

    StoredModel withEmbeddingNorm(StoredNorm newEmbeddingNorm) {
        return new StoredModel(
                prefixes,
                embedding,
                positions,
                firstPosition,
                finalNorm,
                heads,
                headBiased,
                layers,
                ignored,
                newEmbeddingNorm);
    }

    /** As a part of a larger model, whose other parts are ignored. */
    StoredModel within(List<String> newPrefixes, List<String> newHeads, List<Pattern> otherParts) {
        return new StoredModel(
                newPrefixes,
                embedding,
                positions,
                firstPosition,
                finalNorm,
                newHeads,
                headBiased,
                layers,
                otherParts,
                embeddingNorm);
    }
}
