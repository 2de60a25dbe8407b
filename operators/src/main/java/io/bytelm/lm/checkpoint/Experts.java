package io.bytelm.lm.checkpoint;

/**
 * A feed-forward block that is made of experts (Shazeer et al., 2017): feed-forward blocks of which each token uses some, each
 * times a weight that a router gives it.
 *
 * @param count how many a layer has
 * @param chosen how many of them a token uses
 * @param routing how they are chosen and weighed
 * @param shared whether all tokens use one more
 */
public record Experts(int count, int chosen, Routing routing, Shared shared) {
    /** The expert that all tokens use. */
    public enum Shared {
        NONE,
        /** As it is. */
        PLAIN,
        /** Times the sigmoid of a gate of its own. */
        GATED
    }
}
