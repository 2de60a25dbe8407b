package io.bytelm.lm.djl;

import java.util.List;

/** How a script holds {@link HeldWeights}, in TorchScript: packed matrices are no tensors, so no list of weights takes them. */
final class HeldScript {
    /** The type of a packed matrix. */
    static final String PACKED = "__torch__.torch.classes.quantized.LinearPackedParamsBase";

    /** What a module with {@link #METHODS} holds. */
    static final List<ListAttribute> ATTRIBUTES = List.of(
            new ListAttribute("held", PACKED),
            new ListAttribute("held_at", "int"),
            new ListAttribute("held_rows", "int"),
            new ListAttribute("held_output", PACKED));

    /**
     * {@code held_at} and {@code held_rows} have a number for each weight: where among {@code held} it is, and the most rows
     * that are multiplied with it there; -1 for a weight that is not there. {@code held_output} are the output layer's blocks.
     */
    static final String METHODS = """

              def hold(self, held_at: List[int], held_rows: List[int]) -> int:
                self.held_at = held_at
                self.held_rows = held_rows
                return 0

              def hold_layers(self, held: List[PACKED]) -> int:
                self.held = held
                return 0

              def hold_output(self, held: List[PACKED]) -> int:
                self.held_output = held
                return 0
            """.replace("PACKED", PACKED);

    private HeldScript() {}
}
