package io.bytelm.lm.checkpoint;

import java.util.ArrayList;
import java.util.List;

/** VaultGemma: Gemma 2 without the norms after attention and feed-forward block. Source: {@code modeling_vaultgemma.py}. */
final class VaultGemma {
    private VaultGemma() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = Shape.read(config);
        ModelConfig gemma = Gemma.model(
                "VaultGemma",
                config,
                shape,
                Gemma2.attention(config, shape),
                BlockLayout.PRE,
                Gemma2.activation(config));
        List<StoredLayer> layers = new ArrayList<>();
        for (StoredLayer layer : gemma.weights().layers()) {
            layers.add(layer.withNorms(
                    layer.attentionNorm(),
                    StoredNorm.onePlus("layers." + layers.size() + ".pre_feedforward_layernorm")));
        }
        return gemma.withWeights(gemma.weights().withLayers(layers)).withLogitSoftCap(Gemma2.logitSoftCap(config));
    }
}
