package io.bytelm.lm.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.List;

/** The arguments of one script call, in order. Closing frees those that were made here, not the shared ones. */
final class Arguments implements AutoCloseable {
    private final NDManager scratch;
    private final InputArena arena;
    private final List<IValue> all = new ArrayList<>();
    private final List<IValue> owned = new ArrayList<>();

    /**
     * @param scratch owns the tensors
     * @param arena their memory until the next call
     */
    Arguments(NDManager scratch, InputArena arena) {
        this.scratch = scratch;
        this.arena = arena;
        arena.reset();
    }

    NDArray longs(long[] values) {
        return arena.longs(scratch, values);
    }

    NDArray floats(float[] values, Shape shape) {
        return arena.floats(scratch, values, shape);
    }

    void add(long[] values) {
        add(TorchModule.value(longs(values)));
    }

    void add(float[] values) {
        add(TorchModule.value(floats(values, new Shape(values.length))));
    }

    /** A number that is not a tensor's. */
    void addSize(int size) {
        add(IValue.from((long) size));
    }

    /** Numbers that are not a tensor's. */
    void addSizes(long[] sizes) {
        add(IValue.listFrom(sizes));
    }

    void add(List<NDArray> list) {
        add(TorchModule.values(list));
    }

    private void add(IValue value) {
        all.add(value);
        owned.add(value);
    }

    void share(IValue... values) {
        all.addAll(List.of(values));
    }

    IValue[] toArray() {
        return all.toArray(IValue[]::new);
    }

    @Override
    public void close() {
        owned.forEach(IValue::close);
    }
}
