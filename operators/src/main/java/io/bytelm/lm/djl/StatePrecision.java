package io.bytelm.lm.djl;

import io.bytelm.lm.ModelException;
import io.bytelm.lm.checkpoint.ModelConfig;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What keys and values of the tokens that were read are kept in, which decides how many sessions a state cache holds. They
 * are computed in float32 and rounded once; attention reads the rounded ones, of new tokens too, and computes in float32. So
 * results depend on batching and on what was evicted only where a number lies between two to which it may be rounded. The state
 * after the last layer, which decides the logits, stays in float32 in any case.
 */
public enum StatePrecision {
    /** As they were computed. */
    FLOAT32(6, Float.BYTES),

    /** Rounded to 8 significant bits: half the memory. */
    BFLOAT16(15, Short.BYTES),

    /**
     * Levels from -127 to 127, with a step for each token and head, for its key and its value, which takes the largest
     * number to 127: little more than a quarter of the memory.
     */
    INT8(1, Byte.BYTES);

    private final int scalarType;
    private final int bytes;

    StatePrecision(int scalarType, int bytes) {
        this.scalarType = scalarType;
        this.bytes = bytes;
    }

    /** PyTorch's number for what they are kept in. */
    int scalarType() {
        return scalarType;
    }

    /** Of one number that is kept. */
    int bytes() {
        return bytes;
    }

    /**
     * How many numbers a layer with attention keeps of a key or a value.
     *
     * @param headDim numbers of it
     */
    int width(int headDim) {
        return this == INT8 ? headDim + Float.BYTES : headDim;
    }

    /**
     * Whether the states of a model can be kept so: what a delta net keeps of a token depends on what it kept of those before,
     * so that rounding would add up.
     */
    public boolean fits(ModelConfig config) {
        return this == FLOAT32 || config.attention().deltaNet() == null;
    }

    /**
     * Refuses a model whose states cannot be kept so.
     *
     * @param directory for the message
     * @throws ModelException if this does not {@link #fits fit}
     */
    public void requireFits(ModelConfig config, Path directory) {
        if (!fits(config)) {
            throw new ModelException(directory + ": state precision " + this
                    + " is for attention, but some layers of this model are delta nets, where rounding would add up; use"
                    + " state precision float32");
        }
    }

    /** As options and messages have it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
