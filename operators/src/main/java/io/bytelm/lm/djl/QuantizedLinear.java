package io.bytelm.lm.djl;

/**
 * Linear layers in 8 bits, in TorchScript. A row of a weight is held as levels from -127 to 127 and one step between them,
 * which takes the row's largest value to 127. So is each row of the inputs as it comes, with the rest that is left of each
 * value in levels 254 times finer: inputs are much less even than weights, and 8 bits alone cost SmolLM2-135M
 * 0.008 nats per byte. Both are rows of one product, which reads the weight once. A row's result does not depend on the rows beside
 * it. Sums of levels are exact; steps and bias come in float32 after them. A row with a number that is not finite has no
 * finite result.
 *
 * <p>Levels of inputs are moved up by 128: oneDNN is fast with such on any processor that has AMX or VNNI, with signed ones
 * only on those that have AMX. On others its sums of two products overflow, which {@link LinearProbe} finds out.
 */
final class QuantizedLinear {
    /** With levels as floats, on any device. */
    static final String PLAIN = "torch.linear(torch.to(levels, 6) - 128., torch.to(weight, 6), None) * steps";

    /** With packed levels. The second {@code steps} stands for zero points of weights, which are not read. */
    static final String PREPACKED =
            "ops.onednn.qlinear_pointwise(levels, 1., 128, weight, steps, steps, None, 1., 0, 6, "
                    + "\"none\", annotate(List[Optional[number]], []), \"\")";

    /** Packs levels for {@link #PREPACKED}. */
    static final String PACKED = "ops.onednn.qlinear_prepack(weight, None)";

    /** {@code [rows, 1]}; of a row of zeros too small a number to matter, but none that cannot be divided by. */
    private static final String ROW_STEPS = "torch.clamp_min(torch.amax(torch.abs(x), [-1], True), 1.0e-30) / 127.";

    /** Shapes: x {@code [n, in]}, weight {@code [out, in]}, steps and bias {@code [out]}. */
    private static final String METHODS = """

              def quantized_linear(self, x: Tensor, weight: Tensor, steps: Tensor, bias: Tensor) -> Tensor:
                x_steps = ROW_STEPS
                in_steps = x / x_steps
                coarse = torch.to(in_steps + 128.5, 0)
                fine = torch.to((in_steps - torch.to(coarse, 6)) * 254. + 32640.5, 0)
                levels = torch.cat([coarse, fine], 0)
                products = torch.view(PRODUCT, [2, torch.size(x, 0), -1])
                sums = torch.add(torch.select(products, 0, 0), torch.select(products, 0, 1), alpha=FINE_STEP)
                return torch.addcmul(bias, sums, x_steps)
            """;

    /** Of a weight {@code [out, in]} its levels, and its steps {@code [out]}. */
    private static final String LOADING_METHODS = """

              def weight_levels(self, x: Tensor) -> Tensor:
                return torch.to(torch.round(x / (ROW_STEPS)), 1)

              def weight_steps(self, x: Tensor) -> Tensor:
                return torch.squeeze(ROW_STEPS, 1)

              def pack_levels(self, weight: Tensor) -> Tensor:
                return PACKED
            """;

    private QuantizedLinear() {}

    /**
     * A method {@code quantized_linear}.
     *
     * @param product {@link #PLAIN} or {@link #PREPACKED}
     */
    static String methods(String product) {
        return METHODS.replace("PRODUCT", product)
                .replace("FINE_STEP", String.valueOf(1 / 254.))
                .replace("ROW_STEPS", ROW_STEPS);
    }

    /**
     * Methods {@code weight_levels}, {@code weight_steps} and {@code pack_levels}.
     *
     * @param packed {@link #PACKED}, or the levels themselves, {@code weight}
     */
    static String loadingMethods(String packed) {
        return LOADING_METHODS.replace("ROW_STEPS", ROW_STEPS).replace("PACKED", packed);
    }
}
