package io.bytelm.lm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * GPT-Neo: learned positions, scores without a scale, global and local layers in turn. Source: {@code modeling_gpt_neo.py}.
 */
final class GptNeo {
    private static final Pattern MASKS = Pattern.compile("transformer\\.h\\.\\d+\\.attn\\.attention\\.(masked_)?bias");
    private static final int USUAL_LAYERS = 24;

    private GptNeo() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = Shape.ofEqualHeads(
                config,
                "hidden_size",
                "num_layers",
                "num_heads",
                "intermediate_size",
                config.positiveInt("max_position_embeddings"));
        return ModelConfig.plain(
                "GPTNeo",
                shape,
                Norm.layer(config.positiveNumber("layer_norm_epsilon", 1e-5)),
                BlockLayout.PRE,
                Attention.full(shape, List.of())
                        .withScale(1)
                        .withWindow(config.positiveInt("window_size", 256), local(config, shape), shape.maxPositions()),
                FeedForward.plain(Activation.read(config, "activation_function", "gelu_new")),
                config.flag("tie_word_embeddings", true),
                new StoredModel(
                        List.of("transformer."),
                        "wte.weight",
                        "wpe.weight",
                        0,
                        StoredNorm.weightAndBias("ln_f"),
                        List.of("lm_head"),
                        false,
                        IntStream.range(0, shape.layers())
                                .mapToObj(i -> layer("h." + i + ".", shape))
                                .toList(),
                        List.of(MASKS)));
    }

    /** From {@code attention_types}: pairs of a pattern and how often it is repeated; global and local in turn if absent. */
    private static List<Boolean> local(ConfigFile config, Shape shape) {
        List<Boolean> local = new ArrayList<>();
        if (!config.has("attention_types")) {
            IntStream.range(0, USUAL_LAYERS).forEach(i -> local.add(i % 2 == 1));
        }
        for (JsonNode pair : config.value("attention_types")) {
            for (int i = pair.path(1).asInt(); i > 0; i--) {
                pair.path(0).forEach(kind -> local.add(kind.asText().equals("local")));
            }
        }
        if (local.size() != shape.layers()) {
            throw config.refusal(
                    "attention_types", "names " + local.size() + " layers, but 'num_layers' is " + shape.layers());
        }
        requireSame(config, local);
        return local;
    }

    /** {@code attention_layers} is the same, written out; where it differs, transformers goes by it. */
    private static void requireSame(ConfigFile config, List<Boolean> local) {
        JsonNode layers = config.value("attention_layers");
        List<String> expected =
                local.stream().map(is -> is ? "local" : "global").toList();
        List<String> written = new ArrayList<>();
        layers.forEach(layer -> written.add(layer.asText()));
        if (config.has("attention_layers") && !written.equals(expected)) {
            throw config.refusal("attention_layers", "is " + layers + ", but 'attention_types' says " + expected);
        }
    }

    private static StoredLayer layer(String name, Shape shape) {
        int hidden = shape.hiddenSize();
        String attention = name + "attn.attention.";
        return StoredLayer.of(
                StoredNorm.weightAndBias(name + "ln_1"),
                Llama.queriesKeysValues(attention, shape, RotaryEmbedding.unordered(shape.headDim()), false),
                StoredLinear.of(hidden, true, StoredRows.all(attention + "out_proj", hidden)),
                StoredNorm.weightAndBias(name + "ln_2"),
                StoredLinear.of(hidden, true, StoredRows.all(name + "mlp.c_fc", shape.feedForwardSize())),
                StoredLinear.of(shape.feedForwardSize(), true, StoredRows.all(name + "mlp.c_proj", hidden)));
    }
}
