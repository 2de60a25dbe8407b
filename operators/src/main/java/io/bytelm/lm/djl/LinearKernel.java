package io.bytelm.lm.djl;

/** How linear layers are computed, and so how their weights are stored. */
enum LinearKernel {
    /** On any device. */
    PLAIN("torch.linear(INPUT, w[at], BIAS)", "weight", QuantizedLinear.PLAIN, "weight"),

    /**
     * On CPUs with oneDNN: weights are reordered once into blocks, which halves the time of a decode step. These are
     * internal operators of PyTorch 2.7, so they are tried before they are relied on, see {@link LinearProbe}.
     */
    PREPACKED(
            "ops.mkldnn._linear_pointwise(INPUT, w[at], BIAS, \"none\", [], None)",
            "ops.mkldnn._reorder_linear_weight(weight, None)",
            QuantizedLinear.PREPACKED,
            QuantizedLinear.PACKED),

    /**
     * On CPUs with FBGEMM: weights that float16 holds are held so, see {@link HalfWeights}; others as by {@link #PREPACKED}. In
     * a precision of 16 bits only weights are rounded, inputs are not. Not for {@link Precision#INT8}.
     */
    HALVED(PREPACKED.product, PREPACKED.packed, PREPACKED.quantizedProduct, PREPACKED.packedLevels);

    private static final String FLOAT32_METHOD = """

              def float32_linear(self, x: Tensor, w: List[Tensor], at: int, bias: int) -> Tensor:
                return PRODUCT
            """;

    private static final String ROUNDED_METHOD = """

              def rounded_linear(self, x: Tensor, w: List[Tensor], at: int, bias: int) -> Tensor:
                return PRODUCT
            """;

    private static final String LOADING_METHODS = """

              def pack(self, weight: Tensor) -> Tensor:
                return PACKED

              def rounded(self, weight: Tensor, type: int) -> Tensor:
                return torch.to(weight, type)

              def rounded_in_float32(self, weight: Tensor, type: int) -> Tensor:
                return torch.to(torch.to(weight, type), 6)
            """;

    private final String product;
    private final String packed;
    private final String quantizedProduct;
    private final String packedLevels;

    LinearKernel(String product, String packed, String quantizedProduct, String packedLevels) {
        this.product = product;
        this.packed = packed;
        this.quantizedProduct = quantizedProduct;
        this.packedLevels = packedLevels;
    }

    /**
     * TorchScript methods for {@code x @ weight.T + bias}, float32 in and out: {@code float32_linear} and what this precision
     * needs beside it, {@code rounded_linear} or that of {@link QuantizedLinear}.
     */
    String methods(Precision precision) {
        if (this == HALVED) {
            return HalfScript.METHODS.replace("PRODUCT", product("x", "w[bias]"));
        }
        String float32 = FLOAT32_METHOD.replace("PRODUCT", product("x", "w[bias]"));
        return switch (precision) {
            case FLOAT32 -> float32;
            case BFLOAT16, FLOAT16 -> float32 + ROUNDED_METHOD.replace("PRODUCT", rounded(precision));
            case INT8 -> float32 + QuantizedLinear.methods(quantizedProduct);
        };
    }

    /** A call of one of the methods: the product of {@code x} with the weight {@code at}. */
    String call(Precision precision) {
        return switch (this == HALVED ? Precision.FLOAT32 : precision) {
            case FLOAT32 -> "self.float32_linear(x, w, at, bias)";
            case BFLOAT16, FLOAT16 -> "self.rounded_linear(x, w, at, bias)";
            case INT8 -> "self.quantized_linear(x, w[at], w[STEPS + at], w[bias])";
        };
    }

    /** As {@link #call}, with the weight of the output layer. */
    String outputCall(Precision precision) {
        return this == HALVED ? "self.float32_output(x, w, at, bias)" : call(precision.ofOutputLayer());
    }

    /** The bias is added after the product is float32 again, since large biases occur. */
    private String rounded(Precision precision) {
        String rounded = product("torch.to(x, " + precision.scalarType() + ")", "None");
        return "torch.to(" + rounded + ", " + Precision.FLOAT32.scalarType() + ") + w[bias]";
    }

    private String product(String input, String bias) {
        return product.replace("INPUT", input).replace("BIAS", bias);
    }

    /** Methods that prepare weights at load, and those to try them with. */
    String loadingMethods(Precision precision) {
        String methods = LOADING_METHODS.replace("PACKED", packed);
        methods += this == HALVED ? HalfScript.LOADING_METHODS + PREPACKED.methods(precision) : methods(precision);
        if (precision == Precision.INT8) {
            methods += QuantizedLinear.loadingMethods(packedLevels);
        }
        return methods.replace("(self,", "(" + TorchScriptArchive.SELF + ",");
    }
}
