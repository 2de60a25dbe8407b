package io.bytelm.lm.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import io.bytelm.lm.checkpoint.Checkpoint;
import io.bytelm.lm.checkpoint.StoredRows;
import io.bytelm.lm.checkpoint.StoredTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Brings tensors of a checkpoint to the device as float32, block by block, so that no whole file lies in memory twice. */
final class TensorLoader {
    private static final int BLOCK_FLOATS = 4 << 20;

    private final Checkpoint checkpoint;
    private final NDManager manager;
    private final TorchModule module;
    private final LinearKernel linear;
    private final Precision precision;
    private final ByteBuffer block = ByteBuffer.allocateDirect(4 * BLOCK_FLOATS).order(ByteOrder.nativeOrder());

    /** What happens to values between the file and the device: {@code (value + added) * factor}. */
    private record Change(double added, double factor) {
        static final Change NONE = new Change(0, 1);

        void apply(FloatBuffer values) {
            if (equals(NONE)) {
                return;
            }
            for (int i = 0; i < values.limit(); i++) {
                values.put(i, (float) ((values.get(i) + added) * factor));
            }
        }
    }

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

    /** @throws io.bytelm.lm.ModelException if a tensor was not loaded and is none of these */
    void refuseUnread(List<Pattern> ignored) {
        checkpoint.refuseUnread(ignored);
    }

    /** Whether two matrices of this shape hold the same values. */
    boolean areEqual(String first, String second, int rows, int columns) {
        StoredTensor one = checkpoint.require(first, rows, columns);
        StoredTensor other = checkpoint.require(second, rows, columns);
        int rowsPerBlock = Math.max(1, BLOCK_FLOATS / columns);
        for (int row = 0; row < rows; row += rowsPerBlock) {
            int floats = Math.min(rowsPerBlock, rows - row) * columns;
            FloatBuffer left = FloatBuffer.allocate(floats);
            FloatBuffer right = FloatBuffer.allocate(floats);
            checkpoint.read(one, (long) row * columns, left);
            checkpoint.read(other, (long) row * columns, right);
            if (!left.flip().equals(right.flip())) {
                return false;
            }
        }
        return true;
    }

    NDArray vector(String name, int size, double added, double factor) {
        NDArray target = manager.create(new Shape(size), DataType.FLOAT32);
        copy(checkpoint.require(name, size), 0, size, target, 0, 1, new Change(added, factor));
        return target;
    }

    NDArray matrix(String name, int rows, int columns) {
        NDArray target = manager.create(new Shape(rows, columns), DataType.FLOAT32);
        copy(checkpoint.require(name, rows, columns), 0, rows, target, 0, columns, Change.NONE);
        return target;
    }

    /**
     * Elements of vectors, one part after the other.
     *
     * @param suffix of the parts' names
     */
    NDArray vectors(List<StoredRows> parts, String suffix) {
        NDArray target = manager.create(new Shape(rows(parts)), DataType.FLOAT32);
        long first = 0;
        for (StoredRows part : parts) {
            first = copy(checkpoint.requireValues(part.name() + suffix, part.stored()), part, target, first, 1);
        }
        return target;
    }

    /** Rows of matrices of the same width, one part below the other. */
    NDArray matrices(List<StoredRows> parts, int columns) {
        NDArray target = manager.create(new Shape(rows(parts), columns), DataType.FLOAT32);
        long first = 0;
        for (StoredRows part : parts) {
            StoredTensor tensor = checkpoint.require(part.name() + ".weight", part.stored(), columns);
            first = copy(tensor, part, target, first, columns);
        }
        return target;
    }

    /** As {@link #matrices}, of matrices that are stored {@code [columns, rows]}. */
    NDArray transposedMatrices(List<StoredRows> parts, int columns) {
        NDArray target = manager.create(new Shape(rows(parts), columns), DataType.FLOAT32);
        long first = 0;
        for (StoredRows part : parts) {
            StoredTensor tensor = checkpoint.require(part.name() + ".weight", columns, part.stored());
            NDArray stored = manager.create(new Shape(columns, part.stored()), DataType.FLOAT32);
            copy(tensor, 0, columns, stored, 0, part.stored(), new Change(part.added(), part.factor()));
            try (NDArray turned = transposed(stored);
                    NDArray chosen = selectRows(turned, part.order())) {
                copyRows(chosen, target, first);
            }
            first += part.order().length;
        }
        return target;
    }

    private static int rows(List<StoredRows> parts) {
        return parts.stream().mapToInt(part -> part.order().length).sum();
    }

    /** Copies a part to the rows of {@code target} from {@code firstRow} on; returns the row after it. */
    private long copy(StoredTensor tensor, StoredRows part, NDArray target, long firstRow, int columns) {
        Change change = new Change(part.added(), part.factor());
        int[] order = part.order();
        if (part.isRange()) {
            return copy(tensor, order[0], order.length, target, firstRow, columns, change);
        }
        boolean isVector = target.getShape().dimension() == 1;
        Shape shape = isVector ? new Shape(part.stored()) : new Shape(part.stored(), columns);
        try (NDArray stored = manager.create(shape, DataType.FLOAT32)) {
            copy(tensor, 0, part.stored(), stored, 0, columns, change);
            try (NDArray chosen = selectRows(stored, order)) {
                copyRows(chosen, target, firstRow);
            }
        }
        return firstRow + order.length;
    }

    private long copy(
            StoredTensor tensor, long first, long rows, NDArray target, long firstRow, int columns, Change change) {
        int rowsPerBlock = Math.max(1, BLOCK_FLOATS / columns);
        for (long row = 0; row < rows; row += rowsPerBlock) {
            int count = (int) Math.min(rowsPerBlock, rows - row);
            copyBlock(tensor, first + row, target, firstRow + row, new Shape(count, columns), change);
        }
        return firstRow + rows;
    }

    private void copyBlock(
            StoredTensor tensor, long sourceRow, NDArray target, long targetRow, Shape shape, Change change) {
        int floats = (int) shape.size();
        long columns = shape.get(1);
        ByteBuffer data = block.capacity() >= 4 * floats
                ? block.clear().limit(4 * floats)
                : ByteBuffer.allocateDirect(4 * floats).order(ByteOrder.nativeOrder());
        checkpoint.read(tensor, sourceRow * columns, data.asFloatBuffer());
        change.apply(data.asFloatBuffer());
        Shape rowShape = target.getShape().dimension() == 1 ? new Shape(shape.get(0)) : shape;
        try (NDArray rows = manager.create(data, rowShape, DataType.FLOAT32)) {
            copyRows(rows, target, targetRow);
        }
    }

    private void copyRows(NDArray rows, NDArray target, long targetRow) {
        try (IValue to = TorchModule.value(target);
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

    private NDArray transposed(NDArray matrix) {
        try (matrix) {
            return converted("transposed", matrix);
        }
    }

    NDArray selectRows(NDArray matrix, int[] rows) {
        long[] indices = Arrays.stream(rows).asLongStream().toArray();
        try (NDArray index = manager.create(indices);
                IValue argument = TorchModule.value(matrix);
                IValue selected = TorchModule.value(index)) {
            return module.call(manager, "select_rows", argument, selected);
        }
    }
}
