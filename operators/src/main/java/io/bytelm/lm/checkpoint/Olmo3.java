package io.bytelm.lm.checkpoint;

import java.util.List;

/**
 * OLMo 3: OLMo 2 with three of four layers sliding; only full layers are stretched. Source: {@code modeling_olmo3.py}.
 */
final class Olmo3 {
    private static final double DEFAULT_THETA = 500_000;

    private Olmo3() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = Shape.read(config);
        List<Boolean> slides = LayerKinds.slides(config, shape.layers(), LayerKinds.allButEvery(4));
        List<RotaryEmbedding> rotaries = rotaries(config, shape);
        Attention attention = Attention.full(shape, rotaries)
                .withRotaries(
                        rotaries, slides.stream().map(slide -> slide ? 1 : 0).toList())
                .withWindow(LayerKinds.requiredWindow(config), slides, shape.maxPositions());
        return Olmo2.model("Olmo3", config, shape, attention);
    }

    /** Of full layers and of sliding ones. */
    private static List<RotaryEmbedding> rotaries(ConfigFile config, Shape shape) {
        RotaryConfig full = RotaryConfig.whole(config, DEFAULT_THETA);
        full.requireByLayerKind();
        if (full.isByLayerKind()) {
            return List.of(full.read(shape, "full_attention"), full.read(shape, "sliding_attention"));
        }
        RotaryEmbedding stretched = full.read(shape);
        if (stretched.theta() != DEFAULT_THETA) {
            throw config.refusal(
                    "'rope_theta' is " + stretched.theta() + ", which transformers 4 uses for all layers and 5 for"
                            + " full ones only; give 'rope_parameters' for each kind of layer");
        }
        return List.of(
                stretched, new RotaryEmbedding(stretched.theta(), shape.headDim(), new RotaryScaling.Unscaled()));
    }
}
