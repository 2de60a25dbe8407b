package io.bytelm.lm.checkpoint;

/**
 * Where a norm's weight and bias lie, each {@code [hidden]}.
 *
 * @param name without {@code .weight} and {@code .bias}; empty if the norm has neither
 * @param biased whether there is a bias
 * @param added to the stored weight: Gemma stores the difference to one
 * @param factor of weight and bias, after that
 */
public record StoredNorm(String name, boolean biased, double added, double factor) {
    /** A norm without weights, or no norm. */
    public static final StoredNorm NONE = new StoredNorm("", false, 0, 1);

    static StoredNorm weight(String name) {
        return new StoredNorm(name, false, 0, 1);
    }

    static StoredNorm weightAndBias(String name) {
        return new StoredNorm(name, true, 0, 1);
    }

    static StoredNorm onePlus(String name) {
        return new StoredNorm(name, false, 1, 1);
    }

    StoredNorm times(double newFactor) {
        return new StoredNorm(name, biased, added, factor * newFactor);
    }
}
