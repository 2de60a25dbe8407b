package io.bytelm.lm.djl;

import io.bytelm.lm.checkpoint.ModelConfig;

/**
 * What is added to {@link TransformerScript} where each head has a sink: a learned score that takes part in the softmax as
 * one more key's would, and whose share goes to nothing.
 */
final class SinkScript {
    /** {@code [g, KV_HEADS, SHARERS * q, s]}: what each key gets, less than one together. */
    private static final String METHODS = """

              def shares_beside_sinks(self, scores: Tensor, sinks: Tensor) -> Tensor:
                g, heads, rows, s, = torch.size(scores)
                by_head = torch.view(sinks, [1, KV_HEADS, SHARERS, 1])
                by_row = torch.expand(by_head, [g, KV_HEADS, SHARERS, torch.floordiv(rows, SHARERS)])
                with_sinks = torch.cat([scores, torch.reshape(by_row, [g, heads, rows, 1])], -1)
                return torch.narrow(torch.softmax(with_sinks, -1), -1, 0, s)
            """;

    private SinkScript() {}

    /** The methods, with gaps that {@link TransformerScript} fills. */
    static String of(ModelConfig config) {
        return config.hasSinks() ? METHODS : "";
    }

    /** The parameter of {@code attend}. */
    static String parameter(ModelConfig config) {
        return config.hasSinks() ? ", sinks: Tensor" : "";
    }

    /** The argument for it, behind the other weights of a layer; {@code at} is two after the layer's first. */
    static String argument(ModelConfig config) {
        return config.hasSinks() ? ", w[at + " + (TransformerWeights.LAYER_WEIGHTS - 2) + "]" : "";
    }
}
