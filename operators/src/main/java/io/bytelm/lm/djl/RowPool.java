package io.bytelm.lm.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;

/**
 * Memory on the device for rows of probabilities, {@code [capacity + 1, vocab]} in float32; the last one takes what only
 * fills up a batch.
 */
final class RowPool implements AutoCloseable {
    final IValue rows;
    final int capacity;

    private final NDArray memory;

    RowPool(NDManager manager, int capacity, int vocabularySize) {
        this.capacity = capacity;
        this.memory = manager.create(new Shape(capacity + 1L, vocabularySize), DataType.FLOAT32);
        this.rows = TorchModule.value(memory);
    }

    @Override
    public void close() {
        rows.close();
        memory.close();
    }
}
