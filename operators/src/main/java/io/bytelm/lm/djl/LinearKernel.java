package io.bytelm.lm.djl;

/** How linear layers are computed, and so how their weights are stored. */
enum LinearKernel {
    /** On any device. */
    PLAIN("torch.linear(INPUT, w[at], BIAS)", "weight", QuantizedLinear.Product.PLAIN),

    /**
     * On CPUs with oneDNN: weights are reordered once into blocks, which halves the time of a decode step. These are
     * internal operators of PyTorch 2.7, so they are tried before they are relied on, see {@link LinearProbe}.
     */
    PREPACKED(
            "ops.mkldnn._linear_pointwise(INPUT, w[at], BIAS, \"none\", [], None)",
            "ops.mkldnn._reorder_linear_weight(weight, None)",
            QuantizedLinear.Product.PREPACKED),

    /**
     * On CPUs with FBGEMM: weights that float16 holds are held so, see {@link HeldWeights}; others as by {@link #PREPACKED}. In
     * a precision of 16 bits only weights are rounded, inputs are not. Not for {@link Precision#INT8}.
     */
    HALVED(PREPACKED.product, PREPACKED.packed, PREPACKED.levelsProduct),

    /** On CPUs with FBGEMM: levels are held, see {@link HeldWeights}. For {@link Precision#INT8} alone. */
    LEVELED(PREPACKED.product, PREPACKED.packed, QuantizedLinear.Product.HELD);

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
    private final QuantizedLinear.Product levelsProduct;

    LinearKernel(String product, String packed, QuantizedLinear.Product levelsProduct) {
        this.product = product;
        this.packed = packed;
        this.levelsProduct = levelsProduct;
    }

    /** Whether scripts hold weights, see {@link HeldWeights}. */
    boolean holdsWeights() {
        return this == HALVED || this == LEVELED;
    }

    /**
     * TorchScript methods for {@code x @ weight.T + bias}, float32 in and out: {@code float32_linear} and what this precision
     * needs beside it, {@code rounded_linear} or those of {@link QuantizedLinear}.
     */
    String methods(Precision precision) {
        if (this == HALVED) {
            return HeldScript.METHODS + HalfScript.METHODS.replace("PRODUCT", product("x", "w[bias]"));
        }
        if (this == LEVELED) {
            return HeldScript.METHODS + QuantizedLinear.methods(levelsProduct) + QuantizedLinear.OUTPUT_METHOD;
        }
        String float32 = FLOAT32_METHOD.replace("PRODUCT", product("x", "w[bias]"));
        return switch (precision) {
            case FLOAT32 -> float32;
            case BFLOAT16, FLOAT16 -> float32 + ROUNDED_METHOD.replace("PRODUCT", rounded(precision));
            case INT8 -> float32 + QuantizedLinear.methods(levelsProduct);
        };
    }

    /** A call of one of the methods: the product of {@code x} with the weight {@code at}. */
    String call(Precision precision) {
        return switch (this == HALVED ? Precision.FLOAT32 : precision) {
            case FLOAT32 -> "self.float32_linear(x, w, at, bias)";
            case BFLOAT16, FLOAT16 -> "self.rounded_linear(x, w, at, bias)";
            case INT8 -> "self.rounded_once(x, " + levels() + ", w[bias])";
        };
    }

    /** As {@link #call}, where little may be lost by rounding inputs. */
    String sensitiveCall(Precision precision) {
        return precision == Precision.INT8 ? "self.rounded_twice(x, " + levels() + ", w[bias])" : call(precision);
    }

    private String levels() {
        return this == LEVELED ? "self.held[self.held_at[at]]" : "w[at], w[STEPS + at]";
    }

    /**
     * What the output layer is computed in: float32 where its logits would be rounded, which loses more than all that is rounded
     * before, unless that takes several times as long. For bfloat16 {@link #PREPACKED} is chosen where its products are measured to be
     * faster, see {@link LinearProbe}, or where those that hold weights do not work.
     */
    Precision outputPrecision(Precision precision) {
        boolean isFarFaster = this == PREPACKED && precision == Precision.BFLOAT16;
        return isFarFaster || precision == Precision.INT8 ? precision : Precision.FLOAT32;
    }

    /** As {@link #call}, with the weight of the output layer. */
    String outputCall(Precision precision) {
        return switch (this) {
            case HALVED -> "self.float32_output(x, w, at, bias)";
            case LEVELED -> "self.held_rounded_once(x, w[bias])";
            case PLAIN, PREPACKED -> call(outputPrecision(precision));
        };
    }

    /** The bias is added after the product is float32 again, since large biases occur. */
    private String rounded(Precision precision) {
        String rounded = product("torch.to(x, " + precision.scalarType() + ")", "None");
        return "torch.add_(torch.to(" + rounded + ", " + Precision.FLOAT32.scalarType() + "), w[bias])";
    }

    private String product(String input, String bias) {
        return product.replace("INPUT", input).replace("BIAS", bias);
    }

    /** Methods that prepare weights at load, and those to try them with. */
    String loadingMethods(Precision precision) {
        String methods = LOADING_METHODS.replace("PACKED", packed)
                + switch (this) {
                    case HALVED -> HalfScript.LOADING_METHODS + PREPACKED.methods(precision);
                    case LEVELED -> QuantizedLinear.methods(levelsProduct);
                    case PLAIN, PREPACKED -> methods(precision);
                };
        if (precision == Precision.INT8) {
            methods += QuantizedLinear.loadingMethods(levelsProduct);
        }
        return methods.replace("(self,", "(" + TorchScriptArchive.SELF + ",");
    }
}
