package io.bytelm.lm.djl;

/**
 * How {@link TransformerScript} keeps keys and values, and reads them back in float32, in TorchScript: heads of keys, then of values,
 * {@code [2 * KV_HEADS, slots, width]} a layer. In int8 a head has its levels and then the bytes of their step, which is
 * float32. A head with a number that is not finite has none that is.
 */
final class KeptStates {
    /** Memory that nothing has been written to; the engine's own way to it has no bfloat16. */
    private static final String EMPTY = """

              def empty_states(self, like: Tensor, heads: int, slots: int, width: int) -> Tensor:
                return torch.new_empty(like, [heads, slots, width], dtype=TYPE)
            """;

    /** {@code x} {@code [2 * KV_HEADS, n, HEAD_DIM]}, {@code kept} {@code [2 * KV_HEADS, n, HEAD_DIM + 4]}. */
    private static final String LEVELS = """

              def narrowed_states(self, x: Tensor) -> Tensor:
                steps = torch.clamp_min(torch.amax(torch.abs(x), [-1], True), 1.0e-30) / 127.
                levels = torch.to(torch.round(x / steps), 1)
                return torch.cat([levels, torch.view_copy(torch.contiguous(steps), 1)], 2)

              def widened_states(self, kept: Tensor) -> Tensor:
                levels = torch.to(torch.narrow(kept, 2, 0, HEAD_DIM), 6)
                steps = torch.view_copy(torch.contiguous(torch.narrow(kept, 2, HEAD_DIM, 4)), 6)
                return torch.mul_(levels, steps)
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
            case FLOAT32 -> "torch.index_copy_(states, 1, new_slots, new)";
            case BFLOAT16 -> "torch.index_copy_(states, 1, new_slots, torch.to(new, 15))";
            case INT8 -> "torch.index_copy_(states, 1, new_slots, self.narrowed_states(new))";
        };
    }

    /** What was written, of some slots, in float32. */
    static String gathered(StatePrecision precision) {
        return widened(precision, "torch.index_select(states, 1, slots[b])");
    }

    /** The same of {@code tokens} slots from {@code first} on, in float32 where they are. */
    static String inPlace(StatePrecision precision) {
        return widened(precision, "torch.narrow(states, 1, first, tokens)");
    }

    private static String widened(StatePrecision precision, String rows) {
        return switch (precision) {
            case FLOAT32 -> rows;
            case BFLOAT16 -> "torch.to(" + rows + ", 6)";
            case INT8 -> "self.widened_states(" + rows + ")";
        };
    }
}
