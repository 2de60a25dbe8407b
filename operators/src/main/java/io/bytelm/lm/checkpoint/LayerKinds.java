package io.bytelm.lm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Which layers see a sliding window only: {@code layer_types}, or the family's rule where that is absent. */
final class LayerKinds {
    private static final int USUAL_WINDOW = 4096;

    private LayerKinds() {}

    /**
     * @param slidesIfAbsent the family's rule, by the layer's number from 0
     * @return {@code [layers]}
     */
    static List<Boolean> slides(ConfigFile config, int layers, IntPredicate slidesIfAbsent) {
        if (!config.has("layer_types")) {
            return IntStream.range(0, layers).mapToObj(slidesIfAbsent::test).toList();
        }
        JsonNode types = config.value("layer_types");
        if (types.size() != layers) {
            throw config.refusal(
                    "layer_types", "names " + types.size() + " layers, but 'num_hidden_layers' is " + layers);
        }
        List<Boolean> slides = new ArrayList<>();
        for (JsonNode type : types) {
            if (!type.asText().equals("full_attention") && !type.asText().equals("sliding_attention")) {
                throw config.refusal("layer_types", "names " + type + "; supported: full_attention, sliding_attention");
            }
            slides.add(type.asText().equals("sliding_attention"));
        }
        return slides;
    }

    static List<Boolean> all(int layers, boolean slides) {
        return Collections.nCopies(layers, slides);
    }

    /** Each layer whose number, from 1, is no multiple of the period slides. */
    static IntPredicate allButEvery(int period) {
        return layer -> (layer + 1) % period != 0;
    }

    /** Each how many layers one is full, where {@code layer_types} does not say. */
    static int period(ConfigFile config, int ifAbsent) {
        int period = config.positiveInt("sliding_window_pattern", ifAbsent);
        int saved = config.positiveInt("_sliding_window_pattern", period);
        if (saved != period && !config.has("layer_types")) {
            throw config.refusal(
                    "_sliding_window_pattern",
                    "is " + saved + ", which transformers does not read; give"
                            + " 'layer_types' or 'sliding_window_pattern'");
        }
        return period;
    }

    /** The window: {@link Integer#MAX_VALUE} if there is none. */
    static int window(ConfigFile config) {
        return config.positiveInt("sliding_window", Integer.MAX_VALUE);
    }

    /** The window where null is none and an absent one the usual 4096. */
    static int windowOrUsual(ConfigFile config) {
        return config.isPresent("sliding_window") ? window(config) : USUAL_WINDOW;
    }

    /** The window of layers that slide: never none. */
    static int requiredWindow(ConfigFile config) {
        return requiredWindow(config, USUAL_WINDOW);
    }

    /** The window of layers that slide: never none. */
    static int requiredWindow(ConfigFile config, int ifAbsent) {
        return config.isPresent("sliding_window") ? config.positiveInt("sliding_window") : ifAbsent;
    }
}
