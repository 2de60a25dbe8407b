package io.bytelm.lm.checkpoint;

/**
 * The feed-forward block.
 *
 * @param gated whether the activation of one projection is multiplied by a second one (Shazeer, 2020); its input weights
 *     are then the gate's and below them the other's
 */
public record FeedForward(Activation activation, boolean gated) {
    static FeedForward gated(Activation activation) {
        return new FeedForward(activation, true);
    }

    static FeedForward plain(Activation activation) {
        return new FeedForward(activation, false);
    }
}
