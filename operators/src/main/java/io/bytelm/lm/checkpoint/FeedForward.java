package io.bytelm.lm.checkpoint;

import org.jspecify.annotations.Nullable;

/**
 * The feed-forward block.
 *
 * @param gated whether the activation of one projection is multiplied by a second one (Shazeer, 2020); its input weights
 *     are then the gate's and below them the other's
 * @param experts what layers with {@link StoredLayer#experts} choose among; null if there is no such layer
 */
public record FeedForward(
        Activation activation, boolean gated, @Nullable Experts experts) {
    static FeedForward gated(Activation activation) {
        return new FeedForward(activation, true, null);
    }

    static FeedForward plain(Activation activation) {
        return new FeedForward(activation, false, null);
    }

    FeedForward withExperts(Experts newExperts) {
        return new FeedForward(activation, gated, newExperts);
    }
}
