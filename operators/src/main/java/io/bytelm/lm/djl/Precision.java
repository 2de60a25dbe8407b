package io.bytelm.lm.djl;

/**
 * What the layers' linear parts are computed in. All else is float32 in any case: embeddings, norms, the residual stream,
 * attention, cached states, and the output layer, whose logits would lose most.
 */
public enum Precision {
    /** Results do not depend on batching beyond 1e-4 nats. */
    FLOAT32,

    /**
     * Weights and inputs of linear layers rounded to 8 significant bits, sums in float32: half the memory and, on
     * processors with bfloat16 instructions, little more than half the time. Over 10.8 kB of English, SmolLM2-135M (whose
     * weights are bfloat16 to begin with) gave 0.00008 nats per byte less than in float32; single tokens differed by 0.015
     * nats on average and by 0.27 at most.
     */
    BFLOAT16
}
