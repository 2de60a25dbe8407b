package io.bytelm.lm.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.List;

/** The arguments of one script call, in order. Closing frees those that were made here, not the shared ones. */
final class Arguments implements AutoCloseable {
    private final NDManager scratch;
    private final List<IValue> all = new ArrayList<>();
    private final List<IValue> owned = new ArrayList<>();

    /** @param scratch owns the tensors */
    Arguments(NDManager scratch) {
        this.scratch = scratch;
    }

    void addLongs(long[] values) {
        add(TorchModule.value(scratch.create(values)));
    }

    @SafeVarargs
    final void addLists(List<NDArray>... lists) {
        for (List<NDArray> list : lists) {
            add(TorchModule.values(list));
        }
    }

    void share(IValue... values) {
        all.addAll(List.of(values));
    }

    private void add(IValue value) {
        all.add(value);
        owned.add(value);
    }

    IValue[] toArray() {
        return all.toArray(IValue[]::new);
    }

    @Override
    public void close() {
        owned.forEach(IValue::close);
    }
}
