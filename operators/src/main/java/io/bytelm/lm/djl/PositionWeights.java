package io.bytelm.lm.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.bytelm.lm.checkpoint.Alibi;
import io.bytelm.lm.checkpoint.RotaryEmbedding;
import java.util.List;

/** What positions are computed with that no checkpoint stores. */
final class PositionWeights {
    private PositionWeights() {}

    /**
     * Frequencies and amplitudes. Both halves of a head turn by the same angles: the first one's have the other sign, since
     * its partners come in with it, by the sine alone.
     *
     * @return two of {@code [rotaries, headDim]}
     */
    static List<NDArray> turns(NDManager manager, List<RotaryEmbedding> rotaries, int headDim) {
        int half = headDim / 2;
        float[] frequencies = new float[rotaries.size() * 2 * half];
        float[] amplitudes = new float[frequencies.length];
        for (int i = 0; i < rotaries.size(); i++) {
            float[] ofPairs = rotaries.get(i).inverseFrequencies(headDim);
            float[] amplitudesOfPairs = rotaries.get(i).amplitudes(headDim);
            for (int pair = 0; pair < half; pair++) {
                int first = 2 * i * half + pair;
                frequencies[first] = -ofPairs[pair];
                frequencies[first + half] = ofPairs[pair];
                amplitudes[first] = amplitudesOfPairs[pair];
                amplitudes[first + half] = amplitudesOfPairs[pair];
            }
        }
        Shape shape = new Shape(rotaries.size(), 2L * half);
        return List.of(manager.create(frequencies, shape), manager.create(amplitudes, shape));
    }

    /** @return {@code [heads]} */
    static NDArray slopes(NDManager manager, Alibi alibi) {
        float[] slopes = new float[alibi.slopes().size()];
        for (int head = 0; head < slopes.length; head++) {
            slopes[head] = alibi.slopes().get(head);
        }
        return manager.create(slopes);
    }
}
