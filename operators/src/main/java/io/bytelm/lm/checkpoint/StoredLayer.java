package io.bytelm.lm.checkpoint;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where one layer's weights lie; names are without the model's prefix.
 *
 * @param attentionNorm before attention, or after it in {@link BlockLayout#POST}
 * @param queriesKeysValues rows: all heads' queries, keys, then values
 * @param queryKeyNorm weights: queries', then keys', as one part each or one a head; empty where there is no such norm
 * @param attentionOutput input: all heads' values
 * @param feedForwardNorm before the feed-forward block, or after it in {@link BlockLayout#POST}
 * @param feedForwardIn rows: the gate's first where it is gated
 * @param afterAttentionNorm the second norm of {@link BlockLayout#SANDWICH}
 * @param afterFeedForwardNorm the last norm of {@link BlockLayout#SANDWICH}
 * @param experts instead of the feed-forward block, or, where there is one, beside it; null for a layer without
 * @param sinks the name of {@code [heads]}: scores that take part in each head's softmax like a key's, of a value of zeros;
 *     null for a layer without
 * @param deltaNet what a layer that is a {@link DeltaNet} has beside its projections, which stand where attention's would:
 *     rows of inputs' are queries, keys, values and gates; null for a layer with attention
 * @param activation the four numbers of {@link Activation#XIELU}, in its order; empty for another activation
 */
public record StoredLayer(
        StoredNorm attentionNorm,
        StoredLinear queriesKeysValues,
        List<StoredRows> queryKeyNorm,
        StoredLinear attentionOutput,
        StoredNorm feedForwardNorm,
        StoredLinear feedForwardIn,
        StoredLinear feedForwardOut,
        StoredNorm afterAttentionNorm,
        StoredNorm afterFeedForwardNorm,
        @Nullable StoredExperts experts,
        @Nullable String sinks,
        @Nullable StoredDeltaNet deltaNet,
        List<StoredRows> activation) {
    /** Copies the lists. */
    public StoredLayer {
        queryKeyNorm = List.copyOf(queryKeyNorm);
        activation = List.copyOf(activation);
    }

    /** A layer with two norms and none of queries and keys. */
    static StoredLayer of(
            StoredNorm attentionNorm,
            StoredLinear queriesKeysValues,
            StoredLinear attentionOutput,
            StoredNorm feedForwardNorm,
            StoredLinear feedForwardIn,
            StoredLinear feedForwardOut) {
        return new StoredLayer(
                attentionNorm,
                queriesKeysValues,
                List.of(),
                attentionOutput,
                feedForwardNorm,
                feedForwardIn,
                feedForwardOut,
                StoredNorm.NONE,
                StoredNorm.NONE,
                null,
                null,
                null,
                List.of());
    }

    /** All linear parts, experts' included; routers, gates and rates are none. */
    List<StoredLinear> linears() {
        List<StoredLinear> linears =
                new ArrayList<>(List.of(queriesKeysValues, attentionOutput, feedForwardIn, feedForwardOut));
        if (experts != null) {
            linears.addAll(experts.in());
            linears.addAll(experts.out());
        }
        return linears;
    }

    /** The factors of all linear parts. */
    List<Double> factors() {
        return linears().stream()
                .flatMap(linear -> linear.parts().stream())
                .map(StoredRows::factor)
                .toList();
    }

    StoredLayer withQueryKeyNorm(StoredRows queries, StoredRows keys) {
        return withQueryKeyNorm(List.of(queries, keys));
    }

    StoredLayer withQueryKeyNorm(List<StoredRows> parts) {
        return new StoredLayer(
                attentionNorm,
                queriesKeysValues,
                parts,
                attentionOutput,
                feedForwardNorm,
                feedForwardIn,
                feedForwardOut,
                afterAttentionNorm,
                afterFeedForwardNorm,
                experts,
                sinks,
                deltaNet,
                activation);
    }

    StoredLayer withNorms(StoredNorm newAttentionNorm, StoredNorm newFeedForwardNorm) {
        return new StoredLayer(
                newAttentionNorm,
                queriesKeysValues,
                queryKeyNorm,
                attentionOutput,
                newFeedForwardNorm,
                feedForwardIn,
                feedForwardOut,
                afterAttentionNorm,
                afterFeedForwardNorm,
                experts,
                sinks,
                deltaNet,
                activation);
    }

    StoredLayer withLinears(
            StoredLinear newQueriesKeysValues,
            StoredLinear newAttentionOutput,
            StoredLinear newFeedForwardIn,
            StoredLinear newFeedForwardOut) {
        return new StoredLayer(
                attentionNorm,
                newQueriesKeysValues,
                queryKeyNorm,
                newAttentionOutput,
                feedForwardNorm,
                newFeedForwardIn,
                newFeedForwardOut,
                afterAttentionNorm,
                afterFeedForwardNorm,
                experts,
                sinks,
                deltaNet,
                activation);
    }

    /** Whose outputs, of attention, feed-forward block and experts, are multiplied by a factor. */
    StoredLayer times(double factor) {
        StoredLayer multiplied = withLinears(
                queriesKeysValues, attentionOutput.times(factor), feedForwardIn, feedForwardOut.times(factor));
        return experts == null
                ? multiplied
                : multiplied.withExperts(experts.times(factor), feedForwardIn, multiplied.feedForwardOut());
    }

    StoredLayer withNormsAfter(StoredNorm afterAttention, StoredNorm afterFeedForward) {
        return new StoredLayer(
                attentionNorm,
                queriesKeysValues,
                queryKeyNorm,
                attentionOutput,
                feedForwardNorm,
                feedForwardIn,
                feedForwardOut,
                afterAttention,
                afterFeedForward,
                experts,
                sinks,
                deltaNet,
                activation);
    }

    StoredLayer withActivation(StoredRows... numbers) {
        return new StoredLayer(
                attentionNorm,
                queriesKeysValues,
                queryKeyNorm,
                attentionOutput,
                feedForwardNorm,
                feedForwardIn,
                feedForwardOut,
                afterAttentionNorm,
                afterFeedForwardNorm,
                experts,
                sinks,
                deltaNet,
                List.of(numbers));
    }

    /** Experts instead of the feed-forward block. */
    StoredLayer withExperts(StoredExperts newExperts) {
        return withExperts(newExperts, StoredLinear.NONE, StoredLinear.NONE);
    }

    /** Experts beside a feed-forward block that all tokens share. */
    StoredLayer withExperts(StoredExperts newExperts, StoredLinear sharedIn, StoredLinear sharedOut) {
        return new StoredLayer(
                attentionNorm,
                queriesKeysValues,
                queryKeyNorm,
                attentionOutput,
                feedForwardNorm,
                sharedIn,
                sharedOut,
                afterAttentionNorm,
                afterFeedForwardNorm,
                newExperts,
                sinks,
                deltaNet,
                activation);
    }

    StoredLayer withSinks(String newSinks) {
        return new StoredLayer(
                attentionNorm,
                queriesKeysValues,
                queryKeyNorm,
                attentionOutput,
                feedForwardNorm,
                feedForwardIn,
                feedForwardOut,
                afterAttentionNorm,
                afterFeedForwardNorm,
                experts,
                newSinks,
                deltaNet,
                activation);
    }

    /** A delta net instead of attention. */
    StoredLayer withDeltaNet(StoredLinear inputs, StoredLinear output, StoredDeltaNet newDeltaNet) {
        return new StoredLayer(
                attentionNorm,
                inputs,
                List.of(),
                output,
                feedForwardNorm,
                feedForwardIn,
                feedForwardOut,
                afterAttentionNorm,
                afterFeedForwardNorm,
                experts,
                sinks,
                newDeltaNet,
                activation);
    }
}
