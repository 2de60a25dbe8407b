package io.bytelm.lm.djl;

import io.bytelm.lm.checkpoint.ModelConfig;

/** What is added to {@link TransformerScript} where layers have {@link io.bytelm.lm.checkpoint.Activation#XIELU}. */
final class XieluScript {
    private static final String METHOD = """

              def xielu(self, x: Tensor, numbers: Tensor) -> Tensor:
                rising, falling, slope, threshold, = torch.unbind(numbers, 0)
                above = torch.softplus(rising, 1, 20) * x * x
                below = (slope + torch.softplus(falling, 1, 20)) * (torch.expm1(torch.minimum(x, threshold)) - x)
                return torch.where(torch.gt(x, 0), above, below) + slope * x
            """;

    private XieluScript() {}

    /** The method; empty for another activation. */
    static String of(ModelConfig config) {
        return config.hasLearnedActivation() ? METHOD : "";
    }

    /** Where a layer's numbers stand, counted from its feed-forward block's weights. */
    static int place(ModelConfig config) {
        return TransformerWeights.layerWeights(config) - 1 - 8;
    }
}
