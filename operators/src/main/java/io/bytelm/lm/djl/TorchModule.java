package io.bytelm.lm.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** TorchScript methods, compiled by the engine. Closed with the manager that it was loaded into. */
final class TorchModule {
    private final PtSymbolBlock module;

    private TorchModule(PtSymbolBlock module) {
        this.module = module;
    }

    /** @throws ai.djl.engine.EngineException if the source does not compile here */
    static TorchModule compile(NDManager manager, String methods) {
        return compile(manager, methods, List.of());
    }

    /**
     * @param attributes what the module holds
     * @throws ai.djl.engine.EngineException if the source does not compile here
     */
    static TorchModule compile(NDManager manager, String methods, List<ListAttribute> attributes) {
        byte[] archive = TorchScriptArchive.write(methods, attributes);
        try {
            return new TorchModule(
                    JniUtils.loadModule((PtNDManager) manager, new ByteArrayInputStream(archive), false, false));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Calls a method that returns one tensor.
     *
     * @param owner the manager that the result belongs to
     * @param arguments closed by nobody here
     */
    NDArray call(NDManager owner, String method, IValue... arguments) {
        try (IValue result = run(method, arguments)) {
            return result.toTensor((PtNDManager) owner);
        }
    }

    /**
     * Calls a method, whatever it returns.
     *
     * @param arguments closed by nobody here
     */
    IValue run(String method, IValue... arguments) {
        return IValueUtils.runMethod(module, method, arguments);
    }

    static IValue value(NDArray array) {
        return IValue.from((PtNDArray) array);
    }

    static IValue values(List<NDArray> arrays) {
        return IValue.listFrom(arrays.stream().map(PtNDArray.class::cast).toArray(PtNDArray[]::new));
    }
}
