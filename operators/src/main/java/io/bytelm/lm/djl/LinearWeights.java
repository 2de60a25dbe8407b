package io.bytelm.lm.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings the weights of linear layers from float32 into the form that a kernel reads. Of quantized ones it keeps the steps,
 * for a list as long as that of all weights: a weight's steps stand at its own place, and nothing at the places of others.
 */
final class LinearWeights {
    private final NDManager manager;
    private final TorchModule module;
    private final LinearKernel kernel;
    private final Precision precision;
    private final NDArray none;
    private final Map<NDArray, NDArray> steps = new IdentityHashMap<>();

    /** @throws ai.djl.engine.EngineException if the kernel's operators are not those of this engine */
    LinearWeights(NDManager manager, LinearKernel kernel, Precision precision) {
        this.manager = manager;
        this.module = TorchModule.compile(manager, kernel.loadingMethods(precision));
        this.kernel = kernel;
        this.precision = precision;
        this.none = manager.zeros(new Shape(0), DataType.FLOAT32);
    }

    /** Whether arrays are returned as they come. */
    boolean keepsPlain() {
        return kernel == LinearKernel.PLAIN && precision == Precision.FLOAT32;
    }

    /** @param plain in float32; may be returned, and is not closed */
    NDArray layer(NDArray plain) {
        return stored(plain, precision);
    }

    /** @param plain in float32; may be returned, and is not closed */
    NDArray outputLayer(NDArray plain) {
        return stored(plain, precision.ofOutputLayer());
    }

    private NDArray stored(NDArray plain, Precision type) {
        NDArray rounded = rounded(plain, type);
        NDArray packed = packed(rounded, type);
        if (rounded != plain && rounded != packed) {
            rounded.close();
        }
        if (type == Precision.INT8) {
            steps.put(packed, called("weight_steps", plain));
        }
        return packed;
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
            return module.call(manager, "rounded", argument, number);
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

    /**
     * One product, as the layers compute it.
     *
     * @param x {@code [n, in]}
     * @param stored {@code [out, in]}, from {@link #layer}
     * @param bias {@code [out]}
     * @return {@code [n, out]}
     */
    NDArray product(NDArray x, NDArray stored, NDArray bias) {
        try (IValue input = TorchModule.value(x);
                IValue weight = TorchModule.value(stored);
                IValue added = TorchModule.value(bias)) {
            if (precision != Precision.INT8) {
                String method = precision == Precision.FLOAT32 ? "float32_linear" : "rounded_linear";
                return module.call(manager, method, input, weight, added);
            }
            try (IValue ofWeight = TorchModule.value(steps.getOrDefault(stored, none))) {
                return module.call(manager, "quantized_linear", input, weight, ofWeight, added);
            }
        }
    }
}
