package io.bytelm.lm.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings the weights of linear layers from float32 into the form that a kernel reads. Of quantized ones it keeps the steps,
 * for a list as long as that of all weights: a weight's steps stand at its own place, and nothing at the places of others.
 * Those that a script holds, see {@link HeldWeights}, it gives to the script.
 */
final class LinearWeights implements AutoCloseable {
    private final NDManager manager;
    private final TorchModule module;
    private final LinearKernel kernel;
    private final Precision precision;
    private final NDArray none;
    private final @Nullable HeldWeights held;
    private final boolean holdsBoth;
    private final Map<NDArray, NDArray> steps = new IdentityHashMap<>();

    /**
     * @param holdsBoth whether weights that are held as halves are held in float32 too
     * @throws ai.djl.engine.EngineException if the kernel's operators are not those of this engine
     */
    LinearWeights(NDManager manager, LinearKernel kernel, Precision precision, boolean holdsBoth) {
        this.holdsBoth = holdsBoth;
        this.manager = manager;
        this.module = TorchModule.compile(manager, kernel.loadingMethods(precision));
        this.kernel = kernel;
        this.precision = precision;
        this.none = manager.zeros(new Shape(0), DataType.FLOAT32);
        this.held = kernel.holdsWeights() ? new HeldWeights(manager, module, TorchRuntime.threads()) : null;
    }

    /** Whether arrays are returned as they come. */
    boolean keepsPlain() {
        return kernel == LinearKernel.PLAIN && precision == Precision.FLOAT32;
    }

    /** How many matrices are packed while others are read; so many stay in use after they were handed over. */
    int packedAside() {
        return held == null ? 0 : held.packers();
    }

    /**
     * @param plain in float32; may be returned, and is not closed
     * @param bias of the layer, null for none; also stands among the weights
     */
    NDArray layer(NDArray plain, @Nullable NDArray bias) {
        return layer(plain, bias, false);
    }

    /**
     * As {@link #layer(NDArray, NDArray)}.
     *
     * @param fitsHalf whether float16 is known to hold it; false where that is to be found out
     */
    NDArray layer(NDArray plain, @Nullable NDArray bias, boolean fitsHalf) {
        if (held == null) {
            return stored(plain, precision);
        }
        if (kernel == LinearKernel.LEVELED) {
            return held.add(plain, null, null);
        }
        NDArray rounded = rounded(plain, precision);
        if (fitsHalf || held.fits(rounded)) {
            NDArray standIn = held.add(rounded, bias, holdsBoth ? packed(rounded, Precision.FLOAT32) : null);
            closeCopy(rounded, plain);
            return standIn;
        }
        held.settle();
        NDArray packed = packed(rounded, Precision.FLOAT32);
        closeCopy(rounded, plain);
        return packed;
    }

    /** Whether {@link #outputLayer(NDArray, NDArray, boolean)} needs no float32. */
    boolean packsOutputOfAnyType() {
        return held != null && !holdsBoth;
    }

    /** As {@link #layer}; the memory of {@code plain} stays in use until all is compiled. */
    NDArray outputLayer(NDArray plain, @Nullable NDArray bias) {
        return outputLayer(plain, bias, false);
    }

    /**
     * As {@link #outputLayer(NDArray, NDArray)} and {@link #layer(NDArray, NDArray, boolean)}.
     *
     * @param plain in float32; or of any type, if it is known to fit and {@link #packsOutputOfAnyType}
     */
    NDArray outputLayer(NDArray plain, @Nullable NDArray bias, boolean fitsHalf) {
        if (held != null && kernel == LinearKernel.LEVELED) {
            return held.addOutput(plain, null, null);
        }
        if (held == null || !(fitsHalf || held.fits(plain))) {
            return stored(plain, kernel.outputPrecision(precision));
        }
        return held.addOutput(plain, bias, holdsBoth ? packed(plain, Precision.FLOAT32) : null);
    }

    private NDArray stored(NDArray plain, Precision type) {
        NDArray rounded = rounded(plain, type);
        NDArray stored = packed(rounded, type);
        if (rounded != stored) {
            closeCopy(rounded, plain);
        }
        if (type == Precision.INT8) {
            steps.put(stored, called("weight_steps", plain));
        }
        return stored;
    }

    private static void closeCopy(NDArray maybeCopy, NDArray plain) {
        if (maybeCopy != plain) {
            maybeCopy.close();
        }
    }

    private NDArray rounded(NDArray plain, Precision type) {
        if (type == Precision.INT8) {
            return called("weight_levels", plain);
        }
        if (type == Precision.FLOAT32) {
            return plain;
        }
        try (IValue argument = TorchModule.value(plain);
                IValue number = IValue.from((long) type.scalarType())) {
            return module.call(manager, held == null ? "rounded" : "rounded_in_float32", argument, number);
        }
    }

    private NDArray packed(NDArray rounded, Precision type) {
        if (kernel == LinearKernel.PLAIN) {
            return rounded;
        }
        return called(type == Precision.INT8 ? "pack_levels" : "pack", rounded);
    }

    private NDArray called(String method, NDArray argument) {
        try (IValue value = TorchModule.value(argument)) {
            return module.call(manager, method, value);
        }
    }

    /** Of all weights, in their order; empty if none is quantized. */
    List<NDArray> steps(List<NDArray> weights) {
        return steps.isEmpty()
                ? List.of()
                : weights.stream()
                        .map(weight -> steps.getOrDefault(weight, none))
                        .toList();
    }

    /** What the scripts of models with these weights are made for. */
    LinearKernel kernel() {
        boolean isUnused = held != null && held.isEmpty() && precision == Precision.FLOAT32;
        return isUnused ? LinearKernel.PREPACKED : kernel;
    }

    /**
     * Compiles a model's script, and gives it what it holds.
     *
     * @param script for {@link #kernel}
     * @param weights in the order of the script's list
     */
    TorchModule compile(String script, List<NDArray> weights) {
        if (held == null || !kernel().holdsWeights()) {
            return TorchModule.compile(manager, script);
        }
        TorchModule compiled = TorchModule.compile(manager, script, HeldScript.ATTRIBUTES);
        held.giveTo(compiled, weights);
        return compiled;
    }

    /**
     * One product, as the layers compute it.
     *
     * @param x {@code [n, in]}
     * @param stored {@code [out, in]}, from {@link #layer}
     * @param bias {@code [out]}
     * @return {@code [n, out]}
     */
    NDArray product(NDArray x, NDArray stored, NDArray bias) {
        return precision == Precision.INT8 ? quantized("rounded_once", x, stored, bias) : unquantized(x, stored, bias);
    }

    /** As {@link #product}, as the sensitive ones among the layers compute it. */
    NDArray sensitiveProduct(NDArray x, NDArray stored, NDArray bias) {
        return precision == Precision.INT8 ? quantized("rounded_twice", x, stored, bias) : unquantized(x, stored, bias);
    }

    private NDArray unquantized(NDArray x, NDArray stored, NDArray bias) {
        IValue half = held == null ? null : held.held(stored, x.getShape().get(0));
        try (IValue input = TorchModule.value(x);
                IValue weights = TorchModule.values(List.of(stored, bias));
                IValue at = IValue.from(0L);
                IValue biasAt = IValue.from(1L)) {
            if (half != null) {
                return module.call(manager, "held_product", input, half);
            }
            boolean isRounded = precision != Precision.FLOAT32 && held == null;
            return module.call(manager, isRounded ? "rounded_linear" : "float32_linear", input, weights, at, biasAt);
        }
    }

    private NDArray quantized(String method, NDArray x, NDArray stored, NDArray bias) {
        IValue levels = held == null ? null : held.held(stored, x.getShape().get(0));
        try (IValue input = TorchModule.value(x);
                IValue weight = TorchModule.value(stored);
                IValue ofWeight = TorchModule.value(steps.getOrDefault(stored, none));
                IValue added = TorchModule.value(bias)) {
            return levels == null
                    ? module.call(manager, method, input, weight, ofWeight, added)
                    : module.call(manager, method, input, levels, added);
        }
    }

    /** Frees what loading alone needs. */
    @Override
    public void close() {
        if (held != null) {
            held.close();
        }
    }
}
