package io.bytelm.lm.djl;

/**
 * What the layers' linear parts are computed in. All else is float32 in any case: embeddings, norms, the residual stream,
 * attention, cached states, and routers of experts. So is the output layer, whose logits would lose most, unless
 * {@link LinearKernel#outputPrecision} says otherwise.
 */
public enum Precision {
    /** Results do not depend on batching beyond 1e-4 nats. */
    FLOAT32(6, Float.BYTES),

    /**
     * Weights and inputs of linear layers rounded to 8 significant bits, sums in float32: half the memory and, on
     * processors whose bfloat16 products {@link LinearProbe} finds faster (AMX), little more than half the time of float32 for many rows. There
     * results are rounded too, the output layer's among them. On other CPUs weights alone are rounded, and the time is that
     * of float32 with weights that were stored in 16 bits, see {@link HeldWeights}. Over 20 kB of English, SmolLM2-135M (whose
     * weights are bfloat16 to begin with) gave 0.0001 nats per byte more than in float32 on a processor with AMX; single tokens
     * differed by 0.024 nats on average and by 0.83 at most.
     */
    BFLOAT16(15, Short.BYTES),

    /**
     * Weights, inputs and results of linear layers rounded to 11 significant bits and to a range of 65,504, for GPUs: half
     * the memory, and eight times finer than bfloat16. A model with larger numbers in its layers gives none that are
     * probabilities, which is an error, not a wrong result.
     */
    FLOAT16(5, Short.BYTES),

    /**
     * Weights of linear layers in 8 bits, with a step for each row, and inputs too, those of sensitive layers in twice 8 bits, see
     * {@link QuantizedLinear}; the output layer too. For CPUs: a quarter of the memory of float32 and, on processors with VNNI, half
     * to four fifths of the time for few rows. On those that have neither that nor AMX the same results take longer than in float32. Over 20 kB of
     * English SmolLM2-135M gave 0.0054 nats per byte more than in float32 (over another 32 kB 0.0005 less); single tokens differed by 0.15 nats on average and by
     * 2 at most.
     */
    INT8(1, Byte.BYTES);

    private final int scalarType;
    private final int bytes;

    Precision(int scalarType, int bytes) {
        this.scalarType = scalarType;
        this.bytes = bytes;
    }

    /** PyTorch's number for it. */
    int scalarType() {
        return scalarType;
    }

    /** Of one weight of a layer. */
    int bytes() {
        return bytes;
    }
}
