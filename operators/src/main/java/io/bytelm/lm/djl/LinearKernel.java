package io.bytelm.lm.djl;

/** How linear layers are computed, and so how their weights are stored. */
enum LinearKernel {
    /** On any device. */
    PLAIN("torch.linear(INPUT, weight, BIAS)", "weight"),

    /**
     * On CPUs with oneDNN: weights are reordered once into blocks, which halves the time of a decode step. These are
     * internal operators of PyTorch 2.7, so they are tried before they are relied on.
     */
    PREPACKED(
            "ops.mkldnn._linear_pointwise(INPUT, weight, BIAS, \"none\", [], None)",
            "ops.mkldnn._reorder_linear_weight(weight, None)");

    private static final String LOADING_METHODS = """

              def pack(self, weight: Tensor) -> Tensor:
                return PACKED

              def rounded(self, weight: Tensor) -> Tensor:
                return torch.to(weight, 15)

              def copy_rows(self, target: Tensor, first: int, rows: Tensor) -> Tensor:
                return torch.copy_(torch.narrow(target, 0, first, torch.size(rows, 0)), rows)

              def select_rows(self, x: Tensor, index: Tensor) -> Tensor:
                return torch.index_select(x, 0, index)

              def transposed(self, x: Tensor) -> Tensor:
                return torch.contiguous(torch.t(x))

              def linear(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
                return LINEAR
            """;

    private final String product;
    private final String packed;

    LinearKernel(String product, String packed) {
        this.product = product;
        this.packed = packed;
    }

    /**
     * TorchScript for {@code x @ weight.T + bias}, float32 in and out. 6 and 15 are PyTorch's numbers for float32 and
     * bfloat16; the bias is added after the product is float32 again, since large biases occur.
     */
    String expression(Precision precision) {
        return switch (precision) {
            case FLOAT32 -> product.replace("INPUT", "x").replace("BIAS", "bias");
            case BFLOAT16 ->
                "torch.to(" + product.replace("INPUT", "torch.to(x, 15)").replace("BIAS", "None") + ", 6) + bias";
        };
    }

    /** Methods that prepare weights at load, and {@code linear} in float32 to try them with. */
    String loadingMethods() {
        return LOADING_METHODS
                .replace("PACKED", packed)
                .replace("LINEAR", expression(Precision.FLOAT32))
                .replace("(self,", "(" + TorchScriptArchive.SELF + ",");
    }
}
