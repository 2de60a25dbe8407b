package io.bytelm.lm.checkpoint;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The language model inside a model that sees images too: its keys stand in {@code text_config}, its tensors under {@code
 * language_model}. Images cannot be asked for, since contexts are text.
 */
final class TextPart {
    private static final List<Pattern> IMAGES =
            List.of(Pattern.compile("(model\\.)?(vision_tower|multi_modal_projector)\\..*"));
    private static final List<String> KEYS_OF_IMAGES = List.of(
            "vision_config",
            "mm_tokens_per_image",
            "boi_token_index",
            "eoi_token_index",
            "image_token_index",
            "image_token_id",
            "projector_hidden_act",
            "vision_feature_layer",
            "multimodal_projector_bias",
            "spatial_merge_size");

    private TextPart() {}

    /** The keys of the language model; those of images are ignored. */
    static ConfigFile config(ConfigFile whole, String modelType) {
        KEYS_OF_IMAGES.forEach(whole::ignore);
        if (!whole.value("text_config").isObject()) {
            throw whole.refusal("text_config", "is missing, or no object; it describes the language model");
        }
        ConfigFile text = whole.object("text_config").withDefaults(DefaultSizes.of(modelType));
        text.require("model_type", modelType, modelType);
        return text;
    }

    /** The model with its tensors where they stand in the whole. */
    static ModelConfig within(ModelConfig text) {
        return text.withWeights(text.weights()
                .within(
                        List.of("language_model.model.", "model.language_model."),
                        List.of("language_model.lm_head", "lm_head"),
                        IMAGES));
    }
}
