package io.bytelm.lm.checkpoint;

import org.jspecify.annotations.Nullable;

/**
 * The feed-forward block.
 *
 * @param gated whether the activation of one projection is multiplied by a second one (Shazeer, 2020); its input weights
 *     are then the gate's and below them the other's
 * @param experts what layers with {@link StoredLayer#experts} choose among; null if there is no such layer
 * @param clampedGate how a gated block differs from the usual one; null if it does not
 */
public record FeedForward(
        Activation activation,
        boolean gated,
        @Nullable Experts experts,
        @Nullable ClampedGate clampedGate) {
    /**
     * A SiLU that is sharper than the usual one, of a projection cut above a limit, times one more than the second
     * projection, cut on both sides: {@code gate * sigmoid(alpha * gate) * (up + 1)}.
     *
     * @param alpha positive
     * @param limit positive
     */
    public record ClampedGate(double alpha, double limit) {}

    static FeedForward gated(Activation activation) {
        return new FeedForward(activation, true, null, null);
    }

    static FeedForward plain(Activation activation) {
        return new FeedForward(activation, false, null, null);
    }

    static FeedForward clamped(double alpha, double limit) {
        return new FeedForward(Activation.SILU, true, null, new ClampedGate(alpha, limit));
    }

    FeedForward withExperts(Experts newExperts) {
        return new FeedForward(activation, gated, newExperts, clampedGate);
    }
}
