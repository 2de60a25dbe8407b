package io.bytelm.lm.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import io.bytelm.lm.checkpoint.Checkpoint;
import io.bytelm.lm.checkpoint.StoredTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Brings tensors of a checkpoint to the device as float32, block by block, so that no whole file lies in memory twice. */
final class TensorLoader {
    private static final int BLOCK_FLOATS = 4 << 20;

    private final Checkpoint checkpoint;
    private final NDManager manager;
    private final TorchModule module;
    private final LinearKernel linear;
    private final Precision precision;
    private final ByteBuffer block = ByteBuffer.allocateDirect(4 * BLOCK_FLOATS).order(ByteOrder.nativeOrder());

    TensorLoader(Checkpoint checkpoint, NDManager manager, LinearKernel linear, Precision precision) {
        this.checkpoint = checkpoint;
        this.manager = manager;
        this.linear = linear;
        this.precision = precision;
        this.module = TorchModule.compile(manager, linear.loadingMethods(precision));
    }

    boolean contains(String name) {
        return checkpoint.contains(name);
    }

    NDArray vector(String name, int size) {
        return concatenatedVectors(List.of(name), new int[] {size});
    }

    NDArray concatenatedVectors(List<String> names, int[] sizes) {
        NDArray target = manager.create(new Shape(java.util.Arrays.stream(sizes).sum()), DataType.FLOAT32);
        long first = 0;
        for (int i = 0; i < sizes.length; i++) {
            first = copy(checkpoint.require(names.get(i), sizes[i]), target, first, 1);
        }
        return target;
    }

    NDArray matrix(String name, int rows, int columns) {
        return stackedMatrices(List.of(name), new int[] {rows}, columns);
    }

    /** Matrices of the same width, one below the other. */
    NDArray stackedMatrices(List<String> names, int[] rows, int columns) {
        Shape shape = new Shape(java.util.Arrays.stream(rows).sum(), columns);
        NDArray target = manager.create(shape, DataType.FLOAT32);
        long first = 0;
        for (int i = 0; i < rows.length; i++) {
            first = copy(checkpoint.require(names.get(i), rows[i], columns), target, first, columns);
        }
        return target;
    }

    /** Copies a tensor to the rows of {@code target} from {@code firstRow} on; returns the row after it. */
    private long copy(StoredTensor tensor, NDArray target, long firstRow, int columns) {
        long rows = tensor.elements() / columns;
        int rowsPerBlock = Math.max(1, BLOCK_FLOATS / columns);
        for (long row = 0; row < rows; row += rowsPerBlock) {
            int count = (int) Math.min(rowsPerBlock, rows - row);
            copyBlock(tensor, row, target, firstRow + row, new Shape(count, columns));
        }
        return firstRow + rows;
    }

    private void copyBlock(StoredTensor tensor, long sourceRow, NDArray target, long targetRow, Shape shape) {
        int floats = (int) shape.size();
        long columns = shape.get(1);
        ByteBuffer data = block.capacity() >= 4 * floats
                ? block.clear().limit(4 * floats)
                : ByteBuffer.allocateDirect(4 * floats).order(ByteOrder.nativeOrder());
        checkpoint.read(tensor, sourceRow * columns, data.asFloatBuffer());
        Shape rowShape = target.getShape().dimension() == 1 ? new Shape(shape.get(0)) : shape;
        try (NDArray rows = manager.create(data, rowShape, DataType.FLOAT32);
                IValue to = TorchModule.value(target);
                IValue first = IValue.from(targetRow);
                IValue from = TorchModule.value(rows)) {
            module.call(manager, "copy_rows", to, first, from).close();
        }
    }

    /** In the form that the linear kernel reads: the argument itself, or a new array. */
    NDArray packed(NDArray weight) {
        return linear == LinearKernel.PLAIN ? weight : converted("pack", weight);
    }

    /** In the precision of the layers: the argument itself, or a new array. */
    NDArray rounded(NDArray weight) {
        if (precision == Precision.FLOAT32) {
            return weight;
        }
        try (IValue argument = TorchModule.value(weight);
                IValue type = IValue.from((long) precision.scalarType())) {
            return module.call(manager, "rounded", argument, type);
        }
    }

    private NDArray converted(String method, NDArray weight) {
        try (IValue argument = TorchModule.value(weight)) {
            return module.call(manager, method, argument);
        }
    }

    NDArray transposed(NDArray matrix) {
        try (matrix) {
            return converted("transposed", matrix);
        }
    }

    NDArray selectRows(NDArray matrix, int[] rows) {
        long[] indices = java.util.Arrays.stream(rows).asLongStream().toArray();
        try (NDArray index = manager.create(indices);
                IValue argument = TorchModule.value(matrix);
                IValue selected = TorchModule.value(index)) {
            return module.call(manager, "select_rows", argument, selected);
        }
    }
}
