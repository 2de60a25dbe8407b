package io.bytelm.lm.checkpoint;

/** What attention's output is multiplied by, from projections of their own, one a dimension of each head. */
public enum OutputGate {
    /** The projections' sigmoid: Qwen3-Next, Qwen3.5. */
    SIGMOID
}
