package io.bytelm.lm.djl;

/** Products with {@link HeldWeights} in float16, in TorchScript, and what packs them while a model is loaded. */
final class HalfScript {
    /** Of the sum of a matrix's squares, what float16 may lose. */
    static final double NEGLIGIBLE = 1.42e-14;

    /** {@code is_wide} says whether oneDNN multiplies a weight. */
    static final String METHODS = """

              def is_wide(self, rows: int, at: int, bias: int) -> bool:
                return torch.gt(rows, self.held_rows[at])

              def float32_linear(self, x: Tensor, w: List[Tensor], at: int, bias: int) -> Tensor:
                if torch.le(torch.size(x, 0), self.held_rows[at]):
                  y = ops.quantized.linear_dynamic_fp16(x, self.held[self.held_at[at]])
                else:
                  y = PRODUCT
                return y

              def float32_output(self, x: Tensor, w: List[Tensor], at: int, bias: int) -> Tensor:
                if torch.le(torch.size(x, 0), self.held_rows[at]):
                  parts = annotate(List[Tensor], [])
                  for i in range(torch.len(self.held_output)):
                    _0 = torch.append(parts, ops.quantized.linear_dynamic_fp16(x, self.held_output[i]))
                  y = torch.cat(parts, 1)
                else:
                  y = PRODUCT
                return y
            """;

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

              def held(self, x: Tensor, first: int, rows: int) -> HELD:
                return ops.quantized.linear_prepack_fp16(torch.to(torch.narrow(x, 0, first, rows), 6), None)

              def held_with_bias(self, x: Tensor, first: int, rows: int, bias: Tensor) -> HELD:
                part = torch.to(torch.narrow(x, 0, first, rows), 6)
                return ops.quantized.linear_prepack_fp16(part, torch.narrow(bias, 0, first, rows))

              def held_product(self, x: Tensor, held: HELD) -> Tensor:
                return ops.quantized.linear_dynamic_fp16(x, held)
            """.replace("HELD", HeldScript.PACKED)
            .replace("PIECE", "65536")
            .replace("NEGLIGIBLE", String.valueOf(NEGLIGIBLE))
            .replace("FAR_TOO_MUCH", "1.0e-12");

    private HalfScript() {}
}
