package io.bytelm.lm.djl;

/** How linear layers are computed, and so how their weights are stored. */
enum LinearKernel {
    /** On any device. */
    PLAIN("torch.linear(x, weight, bias)", "weight"),

    /**
     * On CPUs with oneDNN: weights are reordered once into blocks, which halves the time of a decode step. These are
     * internal operators of PyTorch 2.7, so they are tried before they are relied on.
     */
    PREPACKED(
            "ops.mkldnn._linear_pointwise(x, weight, bias, \"none\", [], None)",
            "ops.mkldnn._reorder_linear_weight(weight, None)");

    private final String expression;
    private final String packing;

    LinearKernel(String expression, String packing) {
        this.expression = expression;
        this.packing = packing;
    }

    /** TorchScript for {@code x @ weight.T + bias}. */
    String expression() {
        return expression;
    }

    /** Methods that prepare weights at load. */
    String loadingMethods() {
        return """

                  def pack(self, weight: Tensor) -> Tensor:
                    return PACKING

                  def apply(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
                    return LINEAR

                  def copy_rows(self, target: Tensor, first: int, rows: Tensor) -> Tensor:
                    return torch.copy_(torch.narrow(target, 0, first, torch.size(rows, 0)), rows)

                  def select_rows(self, x: Tensor, index: Tensor) -> Tensor:
                    return torch.index_select(x, 0, index)

                  def transposed(self, x: Tensor) -> Tensor:
                    return torch.contiguous(torch.t(x))
                """.replace("PACKING", packing)
                .replace("LINEAR", expression)
                .replace("(self,", "(" + TorchScriptArchive.SELF + ",");
    }
}
