package io.bytelm.lm.djl;

import ai.djl.Device;
import io.bytelm.lm.checkpoint.Attention;
import io.bytelm.lm.checkpoint.ModelConfig;

/**
 * What is added to {@link TransformerScript} where attention reads {@link Trunk}s. What a group's rows attend to besides is computed
 * first, and then what they make of each piece of a trunk is merged with that: both with the logarithm of the sum that the
 * softmax divides by, so that the result is the softmax over all (Milakov and Gimelshein, "Online normalizer calculation for
 * softmax", 2018).
 */
final class TrunkScript {
    /** The place of a bucket's number of pieces. */
    static final String FIRST = "trunk = 0";

    private static final String ATTENDED = """
            y, lse, = torch._scaled_dot_product_flash_attention_for_cpu(x, k, v, 0., False, attn_mask=masks[b], scale=SCALE)
                  pieces = trunks[trunk]
                  trunk = trunk + 1
                  for piece in range(pieces):
                    _t = self.merge_trunk(x, y, lse, states, trunks[trunk], trunks[trunk + 1], trunks[trunk + 2])
                    trunk = trunk + 3""";

    /**
     * {@code x} and {@code y} {@code [g, KV_HEADS, SHARERS * q, HEAD_DIM]}, {@code lse} {@code [g, KV_HEADS, SHARERS * q]}: what
     * was merged so far, and here in place.
     */
    private static final String METHODS = """

              def merge_trunk(self, x: Tensor, y: Tensor, lse: Tensor, states: Tensor, group: int, first: int,
                              tokens: int) -> Tensor:
                kv = STATES_IN_PLACE
                k = torch.unsqueeze(torch.narrow(kv, 0, 0, KV_HEADS), 0)
                v = torch.unsqueeze(torch.narrow(kv, 0, KV_HEADS, KV_HEADS), 0)
                rows = torch.narrow(x, 0, group, 1)
                of_trunk, lse_of_trunk, = torch._scaled_dot_product_flash_attention_for_cpu(rows, k, v, 0., False, attn_mask=None, scale=SCALE)
                lse_so_far = torch.narrow(lse, 0, group, 1)
                share = torch.unsqueeze(torch.sigmoid(lse_of_trunk - lse_so_far), 3)
                _0 = torch.lerp_(torch.narrow(y, 0, group, 1), of_trunk, share)
                return torch.copy_(lse_so_far, torch.logaddexp(lse_so_far, lse_of_trunk))

              def move_states(self, states: List[Tensor], final_states: Tensor, slots: Tensor, first: int) -> Tensor:
                n = torch.size(slots, 0)
                for layer in range(LAYERS):
                  moved = torch.index_select(states[layer], 1, slots)
                  _0 = torch.copy_(torch.narrow(states[layer], 1, first, n), moved)
                moved = torch.index_select(final_states, 0, slots)
                return torch.copy_(torch.narrow(final_states, 0, first, n), moved)
            """;

    private TrunkScript() {}

    /**
     * Whether attention can: on a CPU, whose kernel tells those logarithms, and where all tokens of a trunk are attended to, by
     * nothing but keys and values.
     */
    static boolean fits(ModelConfig config, Device device) {
        Attention attention = config.attention();
        return !device.isGpu()
                && !attention.comparesPositions()
                && attention.deltaNet() == null
                && attention.softCap() == Attention.UNCAPPED
                && !config.hasSinks();
    }

    /** The methods, with gaps that {@link TransformerScript} fills. */
    static String of(ModelConfig config, StatePrecision precision) {
        return scaled(METHODS, config).replace("STATES_IN_PLACE", KeptStates.inPlace(precision));
    }

    /** Makes {@code y} of a bucket. */
    static String attended(ModelConfig config) {
        return scaled(ATTENDED, config);
    }

    private static String scaled(String script, ModelConfig config) {
        return script.replace("SCALE", String.valueOf(config.attention().scale()));
    }
}
