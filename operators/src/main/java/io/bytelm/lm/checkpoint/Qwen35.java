package io.bytelm.lm.checkpoint;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Qwen3.5 and Qwen3.6: {@link QwenHybrid}, dense or with experts in all layers, by itself, or as the text part of a model that
 * sees images too, whose three rotary positions are one in text. Source: {@code modeling_qwen3_5.py}, {@code
 * modeling_qwen3_5_moe.py}.
 */
final class Qwen35 {
    private static final List<Pattern> OTHER_PARTS =
            List.of(QwenHybrid.SECOND_TOKEN, Pattern.compile("model\\.visual\\..*"));

    private Qwen35() {}

    static ModelConfig describe(ConfigFile config) {
        return dense(config, false);
    }

    static ModelConfig describeMoe(ConfigFile config) {
        return sparse(config, false);
    }

    static ModelConfig describeTextPart(ConfigFile whole) {
        return within(dense(textPart(whole, "qwen3_5_text"), whole.flag("tie_word_embeddings", false)));
    }

    static ModelConfig describeMoeTextPart(ConfigFile whole) {
        return within(sparse(textPart(whole, "qwen3_5_moe_text"), whole.flag("tie_word_embeddings", false)));
    }

    private static ConfigFile textPart(ConfigFile whole, String modelType) {
        List.of("video_token_id", "vision_start_token_id", "vision_end_token_id")
                .forEach(whole::ignore);
        return TextPart.config(whole, modelType);
    }

    private static ModelConfig within(ModelConfig text) {
        return text.withWeights(text.weights()
                .within(List.of("model.language_model.", "language_model.model."), List.of("lm_head"), OTHER_PARTS));
    }

    private static ModelConfig dense(ConfigFile config, boolean tiedIfAbsent) {
        config.ignore("mlp_only_layers"); // of all layers, where nothing else is to choose
        return QwenHybrid.model("Qwen3_5", config, Shape.read(config), tiedIfAbsent, Qwen35::inputs, OTHER_PARTS);
    }

    private static ModelConfig sparse(ConfigFile config, boolean tiedIfAbsent) {
        int inner = config.positiveInt("moe_intermediate_size", 512);
        int sharedInner = config.positiveInt("shared_expert_intermediate_size", 512);
        Shape shape = new Shape(
                        config.positiveInt("vocab_size"),
                        config.positiveInt("hidden_size"),
                        config.positiveInt("num_hidden_layers"),
                        config.positiveInt("num_attention_heads"),
                        config.positiveInt("num_key_value_heads"),
                        config.positiveInt("head_dim"),
                        inner,
                        config.positiveInt("max_position_embeddings"))
                .checked(config);
        ModelConfig model = QwenHybrid.model("Qwen3_5Moe", config, shape, tiedIfAbsent, Qwen35::inputs, OTHER_PARTS);
        Experts experts = ExpertsConfig.read(config, 256, 8, true, Experts.Shared.GATED);
        return Qwen2Moe.withExperts(
                model,
                experts,
                sharedInner,
                layer -> true,
                name -> StoredExperts.of(name, shape.hiddenSize(), inner, experts.count(), StoredExperts.Names.USUAL));
    }

    /** In matrices of their own. */
    private static QwenHybrid.Projections inputs(String name, int hidden, DeltaNet net) {
        return new QwenHybrid.Projections(
                StoredLinear.of(
                        hidden,
                        false,
                        StoredRows.all(name + "in_proj_qkv", net.convolvedWidth()),
                        StoredRows.all(name + "in_proj_z", net.valueWidth())),
                StoredLinear.of(
                        hidden,
                        false,
                        StoredRows.all(name + "in_proj_b", net.valueHeads()),
                        StoredRows.all(name + "in_proj_a", net.valueHeads())));
    }
}
