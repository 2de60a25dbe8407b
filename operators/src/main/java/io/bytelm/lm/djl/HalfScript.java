package io.bytelm.lm.djl;

import java.util.List;

/** Products with {@link HalfWeights} in TorchScript, and what packs them while a model is loaded. */
final class HalfScript {
    /** Of the sum of a matrix's squares, what float16 may lose. */
    static final double NEGLIGIBLE = 1.42e-14;

    private static final String HALF = "__torch__.torch.classes.quantized.LinearPackedParamsBase";

    /** What a module with {@link #METHODS} holds. */
    static final List<ListAttribute> ATTRIBUTES = List.of(
            new ListAttribute("halves", HALF),
            new ListAttribute("half_of", "int"),
            new ListAttribute("half_rows", "int"),
            new ListAttribute("output_halves", HALF));

    /**
     * {@code half_of} and {@code half_rows} have a number for each weight: where among {@code halves} it is, and the most rows
     * that are multiplied with it there; -1 for a weight that is not there. {@code is_wide} says whether oneDNN multiplies it.
     */
    static final String METHODS = """

              def hold(self, half_of: List[int], half_rows: List[int]) -> int:
                self.half_of = half_of
                self.half_rows = half_rows
                return 0

              def hold_layers(self, halves: List[HALF]) -> int:
                self.halves = halves
                return 0

              def hold_output(self, halves: List[HALF]) -> int:
                self.output_halves = halves
                return 0

              def is_wide(self, rows: int, at: int, bias: int) -> bool:
                return torch.gt(rows, self.half_rows[at])

              def float32_linear(self, x: Tensor, w: List[Tensor], at: int, bias: int) -> Tensor:
                if torch.le(torch.size(x, 0), self.half_rows[at]):
                  y = ops.quantized.linear_dynamic_fp16(x, self.halves[self.half_of[at]])
                else:
                  y = PRODUCT
                return y

              def float32_output(self, x: Tensor, w: List[Tensor], at: int, bias: int) -> Tensor:
                if torch.le(torch.size(x, 0), self.half_rows[at]):
                  parts = annotate(List[Tensor], [])
                  for i in range(torch.len(self.output_halves)):
                    _0 = torch.append(parts, ops.quantized.linear_dynamic_fp16(x, self.output_halves[i]))
                  y = torch.cat(parts, 1)
                else:
                  y = PRODUCT
                return y
            """.replace("HALF", HALF);

    /**
     * Shapes: x {@code [out, in]}. It fits if what float16 loses of it is, in the square mean, at most float32's epsilon of it (2^-23): a sum
     * of products in float32 loses as much. Numbers of 16 bits lose only where they are below 2^-17. That is seen in pieces
     * that stay in a core's cache; where the first ones lose far more, the rest is not looked at.
     */
    static final String LOADING_METHODS = """

              def fits(self, x: Tensor) -> bool:
                flat = torch.view(x, [-1])
                size = torch.size(flat, 0)
                lost = 0.
                all = 0.
                fits = True
                for i in range(torch.floordiv(size + PIECE - 1, PIECE)):
                  if fits:
                    piece = torch.narrow(flat, 0, i * PIECE, ops.prim.min(PIECE, size - i * PIECE))
                    rest = torch.to(torch.to(piece, 5), 6) - piece
                    lost = lost + float(torch.dot(rest, rest))
                    all = all + float(torch.dot(piece, piece))
                    fits = torch.le(lost, all * FAR_TOO_MUCH)
                return torch.le(lost, all * NEGLIGIBLE)

              def half(self, x: Tensor, first: int, rows: int) -> HALF:
                return ops.quantized.linear_prepack_fp16(torch.to(torch.narrow(x, 0, first, rows), 6), None)

              def half_with_bias(self, x: Tensor, first: int, rows: int, bias: Tensor) -> HALF:
                part = torch.to(torch.narrow(x, 0, first, rows), 6)
                return ops.quantized.linear_prepack_fp16(part, torch.narrow(bias, 0, first, rows))

              def half_product(self, x: Tensor, half: HALF) -> Tensor:
                return ops.quantized.linear_dynamic_fp16(x, half)
            """.replace("HALF", HALF)
            .replace("PIECE", "65536")
            .replace("NEGLIGIBLE", String.valueOf(NEGLIGIBLE))
            .replace("FAR_TOO_MUCH", "1.0e-12");

    private HalfScript() {}
}
