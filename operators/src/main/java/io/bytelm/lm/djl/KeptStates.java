package io.bytelm.lm.djl;

/**
 * How {@link TransformerScript} keeps keys and values, and reads them back in float32, in TorchScript. A row in int8 has the
 * levels of all heads' keys and values, and then the bytes of their steps, which are float32. A head with a number that is not
 * finite has none that is.
 */
final class KeptStates {
    /** Memory that nothing has been written to, {@code [slots, width]}; the engine's own way to it has no bfloat16. */
    private static final String EMPTY = """

              def empty_states(self, like: Tensor, slots: int, width: int) -> Tensor:
                return torch.new_empty(like, [slots, width], dtype=TYPE)
            """;

    /** {@code x} {@code [n, 2 * KV_HEADS * HEAD_DIM]}, {@code kept} {@code [n, 2 * KV_HEADS * (HEAD_DIM + 4)]}. */
    private static final String LEVELS = """

              def narrowed_states(self, x: Tensor) -> Tensor:
                by_head = torch.view(x, [-1, 2 * KV_HEADS, HEAD_DIM])
                steps = torch.clamp_min(torch.amax(torch.abs(by_head), [-1], True), 1.0e-30) / 127.
                levels = torch.to(torch.round(by_head / steps), 1)
                return torch.cat([torch.flatten(levels, 1), torch.view_copy(torch.flatten(steps, 1), 1)], 1)

              def widened_states(self, kept: Tensor) -> Tensor:
                levels = torch.to(torch.narrow(kept, 1, 0, 2 * KV_HEADS * HEAD_DIM), 6)
                steps = torch.view_copy(torch.contiguous(torch.narrow(kept, 1, 2 * KV_HEADS * HEAD_DIM, 8 * KV_HEADS)), 6)
                return torch.mul_(torch.view(levels, [-1, 2 * KV_HEADS, HEAD_DIM]), torch.unsqueeze(steps, 2))
            """;

    private KeptStates() {}

    /** Methods, with gaps that {@link TransformerScript} fills. */
    static String methods(StatePrecision precision) {
        String empty = EMPTY.replace("TYPE", String.valueOf(precision.scalarType()));
        return switch (precision) {
            case FLOAT32 -> "";
            case BFLOAT16 -> empty;
            case INT8 -> empty + LEVELS;
        };
    }

    /** A layer's {@code states}, with {@code new} in the {@code new_slots}. */
    static String written(StatePrecision precision) {
        return switch (precision) {
            case FLOAT32 -> "torch.index_copy_(states, 0, new_slots, new)";
            case BFLOAT16 -> "torch.index_copy_(states, 0, new_slots, torch.to(new, 15))";
            case INT8 -> "torch.index_copy_(states, 0, new_slots, self.narrowed_states(new))";
        };
    }

    /** What was written, of some slots, in float32. */
    static String gathered(StatePrecision precision) {
        String rows = "torch.index_select(states, 0, slots[b])";
        return switch (precision) {
            case FLOAT32 -> rows;
            case BFLOAT16 -> "torch.to(" + rows + ", 6)";
            case INT8 -> "self.widened_states(" + rows + ")";
        };
    }
}
