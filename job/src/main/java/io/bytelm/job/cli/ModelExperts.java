package io.bytelm.job.cli;

import io.bytelm.lm.checkpoint.Experts;
import io.bytelm.lm.checkpoint.ModelConfig;
import io.bytelm.lm.checkpoint.StoredExperts;
import io.bytelm.lm.checkpoint.StoredLayer;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The experts of a model, as they are shown.
 *
 * @param size the inner width of one
 * @param sharedSize of the one that all tokens use; 0 if there is none
 * @param layers those that have experts, ascending
 * @param everywhere whether these are all layers
 */
record ModelExperts(int count, int usedPerToken, int size, int sharedSize, List<Integer> layers, boolean everywhere) {
    /** Copies the list. */
    ModelExperts {
        layers = List.copyOf(layers);
    }

    /** Null for a model without. */
    static @Nullable ModelExperts of(ModelConfig config) {
        List<StoredLayer> layers = config.weights().layers();
        List<Integer> numbers = IntStream.range(0, layers.size())
                .filter(i -> layers.get(i).experts() != null)
                .boxed()
                .toList();
        Experts experts = config.feedForward().experts();
        if (experts == null || numbers.isEmpty()) {
            return null;
        }
        StoredLayer first = layers.get(numbers.get(0));
        StoredExperts stored = first.experts();
        return new ModelExperts(
                experts.count(),
                experts.chosen(),
                stored == null ? 0 : stored.out().get(0).inputs(),
                experts.shared() == Experts.Shared.NONE
                        ? 0
                        : first.feedForwardOut().inputs(),
                numbers,
                numbers.size() == layers.size());
    }

    /** Whether there is no other feed-forward block than experts. */
    static boolean allLayersHave(ModelConfig config) {
        ModelExperts experts = of(config);
        return experts != null && experts.everywhere();
    }

    String phrase() {
        return count + " of feed-forward size " + size + " in "
                + (everywhere ? "every layer" : "layers " + LayerRanges.of(layers)) + ", of which a token uses "
                + usedPerToken
                + (sharedSize == 0 ? "" : "; and one of size " + sharedSize + " that all tokens share");
    }
}
