package io.bytelm.lm.checkpoint;

/**
 * How a state is normalized.
 *
 * @param epsilon added to the mean square (RMSNorm) or to the variance (LayerNorm)
 */
public record Norm(Kind kind, double epsilon) {
    /** What is normalized away. */
    public enum Kind {
        /** The root of the mean square (Zhang and Sennrich, 2019). */
        RMS,
        /** The mean, and then the standard deviation (Ba et al., 2016). */
        LAYER
    }

    static Norm rms(double epsilon) {
        return new Norm(Kind.RMS, epsilon);
    }

    static Norm layer(double epsilon) {
        return new Norm(Kind.LAYER, epsilon);
    }
}
