package io.bytelm.lm.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * gpt-oss: Llama's block with a sink for each head, biases, sliding and full layers in turn, and experts whose gate is
 * clamped. A layer's experts lie in one tensor for their inputs, rows of gate and other projection in turn, and one for their
 * outputs; published ones are in MXFP4. A softmax of the chosen experts' scores, as the source has it, is the chosen ones'
 * share of a softmax of all. Source: {@code modeling_gpt_oss.py}.
 */
final class GptOss {
    private static final String USUAL_ROPE = """
            {"rope_type": "yarn", "factor": 32.0, "beta_fast": 32.0, "beta_slow": 1.0, "truncate": false,
             "original_max_position_embeddings": 4096}
            """;

    private GptOss() {}

    static ModelConfig describe(ConfigFile config) {
        // Published files have these keys, and transformers has no use for them.
        List.of("hidden_act", "experts_per_token", "initial_context_length").forEach(config::ignore);
        Shape shape = Shape.read(config);
        Attention attention = attention(config, shape);
        Experts experts = ExpertsConfig.read(config, 128, 4, true, Experts.Shared.NONE);
        FeedForward feedForward = FeedForward.clamped(
                config.positiveNumber("swiglu_alpha", 1.702), config.positiveNumber("swiglu_limit", 7));
        return ModelConfig.plain(
                "GptOss",
                shape,
                Norm.rms(config.positiveNumber("rms_norm_eps", 1e-5)),
                BlockLayout.PRE,
                attention,
                feedForward.withExperts(experts),
                config.flag("tie_word_embeddings", false),
                StoredModel.llama(StoredNorm.weight("norm"), layers(config, shape, attention, experts.count())));
    }

    private static Attention attention(ConfigFile config, Shape shape) {
        boolean given = config.has("rope_parameters")
                || !config.object("rope_scaling").json().isEmpty();
        ConfigFile completed = given ? config : config.withObject("rope_parameters", USUAL_ROPE);
        List<Boolean> slides = LayerKinds.slides(config, shape.layers(), layer -> layer % 2 == 0);
        int window = slides.contains(true) ? LayerKinds.requiredWindow(config, 128) : LayerKinds.window(config);
        return Attention.full(
                        shape, List.of(RotaryConfig.whole(completed, 150_000).read(shape)))
                .withWindow(window, slides, shape.maxPositions());
    }

    private static List<StoredLayer> layers(ConfigFile config, Shape shape, Attention attention, int experts) {
        boolean packed = Quantization.isMxfp4(config);
        boolean bias = config.flag("attention_bias", true);
        int[] gatesFirst = gatesFirst(shape.feedForwardSize());
        List<StoredLayer> layers = new ArrayList<>();
        for (StoredLayer layer :
                Llama.layers(shape, Llama.rotaryOrder(shape, attention), new Llama.Biases(bias, bias, false))) {
            String name = "layers." + layers.size() + ".";
            layers.add(layer.withExperts(experts(name + "mlp.", shape, experts, gatesFirst, packed))
                    .withSinks(name + "self_attn.sinks"));
        }
        return layers;
    }

    private static StoredExperts experts(String name, Shape shape, int count, int[] gatesFirst, boolean packed) {
        int hidden = shape.hiddenSize();
        int inner = shape.feedForwardSize();
        StoredRows in = new StoredRows(name + "experts.gate_up_proj", 2 * inner, gatesFirst, 0, 1);
        StoredRows out = StoredRows.all(name + "experts.down_proj", hidden);
        List<StoredLinear.Stack> places = IntStream.range(0, count)
                .mapToObj(expert -> new StoredLinear.Stack(expert, count, packed))
                .toList();
        return new StoredExperts(
                StoredLinear.of(hidden, true, StoredRows.all(name + "router", count)),
                StoredLinear.NONE,
                places.stream()
                        .map(place -> StoredLinear.stacked(hidden, in, place))
                        .toList(),
                places.stream()
                        .map(place -> StoredLinear.stacked(inner, out, place))
                        .toList(),
                null);
    }

    /** The rows of the gate, every other one from the first on, and then those between them. */
    private static int[] gatesFirst(int inner) {
        return IntStream.concat(
                        IntStream.range(0, inner).map(i -> 2 * i),
                        IntStream.range(0, inner).map(i -> 2 * i + 1))
                .toArray();
    }
}
