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

              def rounded(self, weight: Tensor, type: int) -> Tensor:
                return torch.to(weight, type)

              def copy_rows(self, target: Tensor, first: int, rows: Tensor) -> Tensor:
                return torch.copy_(torch.narrow(target, 0, first, torch.size(rows, 0)), rows)

              def select_rows(self, x: Tensor, index: Tensor) -> Tensor:
                return torch.index_select(x, 0, index)

              def transposed(self, x: Tensor) -> Tensor:
                return torch.contiguous(torch.t(x))

              def linear(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
                return LINEAR

              def rounded_linear(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
                return ROUNDED
            """;

    private final String product;
    private final String packed;

    LinearKernel(String product, String packed) {
        this.product = product;
        this.packed = packed;
    }

    /**
     * TorchScript for {@code x @ weight.T + bias}, float32 in and out. The bias is added after the product is float32 again,
     * since large biases occur.
     */
    String expression(Precision precision) {
        if (precision == Precision.FLOAT32) {
            return product.replace("INPUT", "x").replace("BIAS", "bias");
        }
        String input = "torch.to(x, " + precision.scalarType() + ")";
        String rounded = product.replace("INPUT", input).replace("BIAS", "None");
        return "torch.to(" + rounded + ", " + Precision.FLOAT32.scalarType() + ") + bias";
    }

    /** Methods that prepare weights at load, and {@code linear} and {@code rounded_linear} to try them with. */
    String loadingMethods(Precision precision) {
        return (LOADING_METHODS + LowRankMerge.METHODS)
                .replace("PACKED", packed)
                .replace("LINEAR", expression(Precision.FLOAT32))
                .replace("ROUNDED", expression(precision))
                .replace("(self,", "(" + TorchScriptArchive.SELF + ",");
    }
}
