package io.bytelm.lm.djl;

import io.bytelm.lm.checkpoint.ModelConfig;
import io.bytelm.lm.checkpoint.StoredLayer;
import java.util.ArrayList;
import java.util.List;

/**
 * Where delta nets stand in the list of {@link TransformerWeights}: after all experts, one layer's after the other's. Each has
 * its convolution {@code [convolvedWidth * kernel]}, decays and biases of decays {@code [valueHeads]}, and the norm of its
 * outputs {@code [valueDim]}, and its rates {@code [2 * valueHeads, hidden]}, as {@link
 * io.bytelm.lm.checkpoint.StoredDeltaNet} says. They stay in float32 whatever the layers' precision: what is rounded in a decay
 * adds up over tokens.
 */
final class DeltaNetWeights {
    static final int COUNT = 5;

    private DeltaNetWeights() {}

    /** For each layer the place of its delta net; 0 for a layer that has attention. */
    static List<Integer> places(ModelConfig config) {
        int next = TransformerWeights.countBeforeDeltaNets(config);
        List<Integer> places = new ArrayList<>();
        for (StoredLayer layer : config.weights().layers()) {
            places.add(layer.deltaNet() == null ? 0 : next);
            next += count(layer);
        }
        return places;
    }

    /** How many entries a layer's delta net takes. */
    static int count(StoredLayer layer) {
        return layer.deltaNet() == null ? 0 : COUNT;
    }
}
