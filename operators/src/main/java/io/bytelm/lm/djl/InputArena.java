package io.bytelm.lm.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory for the inputs of one script call, used again for the next one. On the CPU the tensors made here lie in this
 * memory, so they must not outlive the call.
 */
final class InputArena {
    private static final int ALIGNMENT = 64;

    private ByteBuffer memory = ByteBuffer.allocateDirect(1 << 16);

    /** Makes all memory free again. */
    void reset() {
        memory.clear();
    }

    NDArray longs(NDManager owner, long[] values) {
        ByteBuffer bytes = allocate(values.length * Long.BYTES);
        bytes.asLongBuffer().put(values);
        return owner.create(bytes, new Shape(values.length), DataType.INT64);
    }

    NDArray floats(NDManager owner, float[] values, Shape shape) {
        ByteBuffer bytes = allocate(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        return owner.create(bytes, shape, DataType.FLOAT32);
    }

    private ByteBuffer allocate(int bytes) {
        int aligned = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        if (memory.remaining() < aligned) {
            memory = ByteBuffer.allocateDirect(Math.max(aligned, 2 * memory.capacity())); // tensors keep the old one
        }
        ByteBuffer slice = memory.slice(memory.position(), bytes).order(ByteOrder.nativeOrder());
        memory.position(memory.position() + aligned);
        return slice;
    }
}
