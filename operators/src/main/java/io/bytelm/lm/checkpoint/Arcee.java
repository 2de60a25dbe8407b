package io.bytelm.lm.checkpoint;

import java.util.ArrayList;
import java.util.List;

/** Arcee's AFM: Llama with a squared ReLU without a gate. Source: {@code modeling_arcee.py}. */
final class Arcee {
    private Arcee() {}

    static ModelConfig describe(ConfigFile config) {
        Shape read = Shape.read(config);
        RotaryConfig rotary = RotaryConfig.whole(config, 10_000);
        Shape shape = read.withMaxPositions(rotary.maxPositions(read));
        Attention attention = Attention.full(shape, List.of(rotary.read(read)));
        boolean bias = config.flag("attention_bias", false);
        boolean innerBias = config.flag("mlp_bias", false);
        List<StoredLayer> layers = new ArrayList<>();
        for (StoredLayer layer :
                Llama.layers(shape, Llama.rotaryOrder(shape, attention), new Llama.Biases(bias, bias, innerBias))) {
            String up = "layers." + layers.size() + ".mlp.up_proj";
            layers.add(layer.withLinears(
                    layer.queriesKeysValues(),
                    layer.attentionOutput(),
                    StoredLinear.of(shape.hiddenSize(), innerBias, StoredRows.all(up, shape.feedForwardSize())),
                    layer.feedForwardOut()));
        }
        return ModelConfig.plain(
                "Arcee",
                shape,
                Norm.rms(config.positiveNumber("rms_norm_eps", 1e-5)),
                BlockLayout.PRE,
                attention,
                FeedForward.plain(Activation.read(config, "hidden_act", "relu2")),
                config.flag("tie_word_embeddings", false),
                StoredModel.llama(StoredNorm.weight("norm"), layers));
    }
}
