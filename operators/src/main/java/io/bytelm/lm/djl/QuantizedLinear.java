package io.bytelm.lm.djl;

/**
 * Linear layers in 8 bits, in TorchScript. A row of a weight is held as levels from -127 to 127 and one step between them,
 * which takes the row's largest value to 127. So is each row of the inputs as it comes. Sums of levels are exact; steps and
 * bias come in float32 after them. A row's result does not depend on the rows beside it. A row with a number that is not
 * finite has no finite result.
 *
 * <p>Inputs are much less even than weights. So sensitive layers take the rest that is left of each value, too, in levels 254
 * times finer: both are rows of one product, which reads the weight once. With SmolLM2-135M and another implementation, in PyTorch, 20 kB of English lost 0.0076
 * nats per byte with one set of levels everywhere, 0.0004 with two everywhere, and 0.0025 with two in the layers that {@link
 * TransformerScript} calls sensitive, which have a third of the weights.
 *
 * <p>oneDNN gets levels of inputs moved up by 128: it is fast with such on any processor that has AMX or VNNI, with signed
 * ones only on those that have AMX. On others its sums of two products overflow, and so do FBGEMM's, which {@link LinearProbe} finds out.
 */
final class QuantizedLinear {
    /** How a product with a weight's levels is computed. */
    enum Product {
        /** With levels as floats, on any device. */
        PLAIN(
                "weight: Tensor, steps: Tensor",
                "torch.linear(torch.round(levels), torch.to(weight, 6), None) * steps",
                "weight"),

        /** With levels that oneDNN has packed. The second {@code steps} stands for zero points of weights, which are not read. */
        PREPACKED(
                "weight: Tensor, steps: Tensor",
                "ops.onednn.qlinear_pointwise(torch.to(levels + 128.5, 0), 1., 128, weight, steps, steps, None, 1., 0, 6,"
                        + " \"none\", annotate(List[Optional[number]], []), \"\")",
                "ops.onednn.qlinear_prepack(weight, None)"),

        /** With levels that FBGEMM has packed, and their steps beside them; it rounds inputs as it reads them. */
        HELD(
                "weight: " + HeldScript.PACKED,
                "ops.quantized.linear_with_input_q_dq_qweight_dq_output_fp32(levels, 1., 128, weight)",
                "");

        private final String parameters;
        private final String term;
        private final String packed;

        Product(String parameters, String term, String packed) {
            this.parameters = parameters;
            this.term = term;
            this.packed = packed;
        }
    }

    /**
     * Shapes: x {@code [n, in]}, weight {@code [out, in]}, steps and bias {@code [out]}. Results take the place of what is not
     * read any more: in a pass of many rows, memory that was never written costs as much as what is computed in it. Steps are
     * {@code [rows, 1]}; of a row of zeros too small a number to matter, but none that cannot be divided by.
     */
    private static final String METHODS = """

              def levels_product(self, levels: Tensor, PARAMETERS) -> Tensor:
                return TERM

              def row_steps(self, sizes: Tensor) -> Tensor:
                return torch.clamp_min(torch.amax(sizes, [-1], True), 1.0e-30) / 127.

              def rounded_once(self, x: Tensor, PARAMETERS, bias: Tensor) -> Tensor:
                levels = torch.abs(x)
                x_steps = self.row_steps(levels)
                _0 = torch.div(x, x_steps, out=levels)
                sums = self.levels_product(levels, ARGUMENTS)
                return torch.addcmul(bias, sums, x_steps, out=sums)

              def rounded_twice(self, x: Tensor, PARAMETERS, bias: Tensor) -> Tensor:
                rows = torch.size(x, 0)
                levels = torch.new_empty(x, [2 * rows, torch.size(x, 1)])
                coarse = torch.narrow(levels, 0, 0, rows)
                fine = torch.narrow(levels, 0, rows, rows)
                x_steps = self.row_steps(torch.abs(x, out=fine))
                _0 = torch.div(x, x_steps, out=fine)
                _1 = torch.round(fine, out=coarse)
                _2 = torch.mul_(torch.sub_(fine, coarse), 254.)
                products = self.levels_product(levels, ARGUMENTS)
                sums = torch.narrow(products, 0, 0, rows)
                _3 = torch.add_(sums, torch.narrow(products, 0, rows, rows), alpha=FINE_STEP)
                return torch.addcmul(bias, sums, x_steps, out=sums)
            """;

    /** The output layer's product, where the script holds its blocks; beside {@link #methods} and those of {@link HeldScript}. */
    static final String OUTPUT_METHOD = """

              def held_rounded_once(self, x: Tensor, bias: Tensor) -> Tensor:
                levels = torch.abs(x)
                x_steps = self.row_steps(levels)
                _1 = torch.div(x, x_steps, out=levels)
                products = annotate(List[Tensor], [])
                for i in range(torch.len(self.held_output)):
                  _0 = torch.append(products, self.levels_product(levels, self.held_output[i]))
                sums = torch.cat(products, 1)
                return torch.addcmul(bias, sums, x_steps, out=sums)
            """;

    /** Of a weight {@code [out, in]} its levels, and its steps {@code [out]}. */
    private static final String LOADING_METHODS = """

              def weight_levels(self, x: Tensor) -> Tensor:
                return torch.to(torch.round(x / self.row_steps(torch.abs(x))), 1)

              def weight_steps(self, x: Tensor) -> Tensor:
                return torch.squeeze(self.row_steps(torch.abs(x)), 1)

              def pack_levels(self, weight: Tensor) -> Tensor:
                return PACKED
            """;

    /** A bias is added to what these multiply. */
    private static final String HOLDING_METHODS = """

              def held(self, matrix: Tensor, first: int, rows: int) -> HELD:
                x = torch.to(torch.narrow(matrix, 0, first, rows), 6)
                steps = torch.squeeze(self.row_steps(torch.abs(x)), 1)
                levels = torch.quantize_per_channel(x, steps, torch.to(torch.zeros_like(steps), 4), 0, 12)
                return ops.quantized.linear_prepack(levels, None)
            """.replace("HELD", HeldScript.PACKED);

    private QuantizedLinear() {}

    /** Methods {@code rounded_once} and {@code rounded_twice}, and what these need. */
    static String methods(Product product) {
        return METHODS.replace("PARAMETERS", product.parameters)
                .replace("ARGUMENTS", product == Product.HELD ? "weight" : "weight, steps")
                .replace("TERM", product.term)
                .replace("FINE_STEP", String.valueOf(1 / 254.));
    }

    /** Methods {@code weight_levels}, {@code weight_steps} and {@code pack_levels}; {@code held} for levels that are held. They need {@link #methods}. */
    static String loadingMethods(Product product) {
        return product == Product.HELD ? HOLDING_METHODS : LOADING_METHODS.replace("PACKED", product.packed);
    }
}
