package io.bytelm.lm.checkpoint;

import java.util.stream.IntStream;

/**
 * Rotary position embeddings (Su et al., 2021): pair {@code i} of a head's dimensions turns by {@code position *
 * inverseFrequency[i]}. The frequencies are float32, as in Hugging Face's implementation, so that far positions see the
 * angles that the model was trained with.
 *
 * <p>The forward pass pairs each dimension of a head's first half with one of its second half. Models that pair neighbours,
 * or turn only the first dimensions, have the rows of their query and key projections reordered at loading; pairs that do
 * not turn have the frequency 0.
 *
 * @param theta the base of the frequencies
 * @param dimensions how many of a head's dimensions turn; even
 * @param scaling how a model that was trained on short contexts is stretched to long ones
 */
public record RotaryEmbedding(double theta, int dimensions, RotaryScaling scaling) {
    /** No turn at all. */
    static final RotaryEmbedding NONE = new RotaryEmbedding(1, 0, new RotaryScaling.Unscaled());

    /** Which of a head's stored dimensions turn together. */
    enum Pairs {
        /** The first with the first of the other half. */
        HALVES,
        /** The first with the second. */
        NEIGHBOURS
    }

    /** {@code [headDim / 2]}: radians per position. */
    public float[] inverseFrequencies(int headDim) {
        float[] frequencies = new float[headDim / 2];
        for (int i = 0; i < dimensions / 2; i++) {
            double unscaled = (float) (1.0 / Math.pow(theta, 2.0 * i / dimensions));
            frequencies[i] = (float) scaling.scale(unscaled, i);
        }
        return frequencies;
    }

    /** {@code [headDim / 2]}: what a pair is multiplied by while it turns. */
    public float[] amplitudes(int headDim) {
        float[] amplitudes = new float[headDim / 2];
        for (int i = 0; i < amplitudes.length; i++) {
            amplitudes[i] = i < dimensions / 2 ? (float) scaling.amplitude() : 1;
        }
        return amplitudes;
    }

    /**
     * The stored dimension that stands at each place of a head.
     *
     * @return {@code [headDim]}
     */
    static int[] dimensionOrder(int headDim, int dimensions, Pairs pairs) {
        int turning = dimensions / 2;
        int half = headDim / 2;
        int[] order = new int[headDim];
        for (int i = 0; i < half; i++) {
            boolean turns = i < turning;
            int still = dimensions + i - turning;
            order[i] = turns ? pairs == Pairs.HALVES ? i : 2 * i : still;
            order[half + i] = turns ? pairs == Pairs.HALVES ? turning + i : 2 * i + 1 : still + half - turning;
        }
        return order;
    }

    /** Dimensions as they are stored. */
    static int[] unordered(int headDim) {
        return IntStream.range(0, headDim).toArray();
    }
}
