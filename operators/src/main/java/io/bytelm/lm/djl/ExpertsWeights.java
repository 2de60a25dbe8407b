package io.bytelm.lm.djl;

import io.bytelm.lm.checkpoint.ModelConfig;
import io.bytelm.lm.checkpoint.StoredExperts;
import io.bytelm.lm.checkpoint.StoredLayer;
import java.util.ArrayList;
import java.util.List;

/**
 * Where experts stand in the list of {@link TransformerWeights}: after all layers, one layer's after the other's. Each
 * begins with its router {@code [experts, hidden]}, the gate of the shared expert {@code [1, hidden]}, or the
 * corrections of the choice {@code [experts]}, or nothing, and two
 * biases: where experts have none, zeros as long as their inputs' rows and as their outputs', else the router's and nothing.
 * Then come the experts, input weights and output weights, each followed by its bias where they have any. Router and gate
 * stay in float32 whatever the layers' precision: they are small, and rounding them would choose others.
 */
final class ExpertsWeights {
    static final int FIRST_EXPERT = 4;

    private ExpertsWeights() {}

    /** For each layer the place of its experts; 0 for a layer that has none. */
    static List<Integer> places(ModelConfig config) {
        int next = TransformerWeights.FIRST_LAYER + config.layers() * TransformerWeights.layerWeights(config);
        List<Integer> places = new ArrayList<>();
        for (StoredLayer layer : config.weights().layers()) {
            int count = count(layer);
            places.add(count == 0 ? 0 : next);
            next += count;
        }
        return places;
    }

    /** How many entries a layer's experts take. */
    static int count(StoredLayer layer) {
        StoredExperts experts = layer.experts();
        return experts == null
                ? 0
                : FIRST_EXPERT + (experts.biased() ? 4 : 2) * experts.in().size();
    }
}
