package io.bytelm.lm.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import io.bytelm.lm.checkpoint.Checkpoint;
import io.bytelm.lm.checkpoint.StoredLinear;
import io.bytelm.lm.checkpoint.StoredRows;
import io.bytelm.lm.checkpoint.StoredTensor;
import io.bytelm.lm.djl.RowCopier.Change;
import io.bytelm.lm.djl.RowCopier.Source;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Brings tensors of a checkpoint to the device as float32, block by block, so that no whole file lies in memory twice. */
final class TensorLoader implements AutoCloseable {
    private static final String METHODS = """

              def copy_rows(self, target: Tensor, first: int, rows: Tensor) -> Tensor:
                return torch.copy_(torch.narrow(target, 0, first, torch.size(rows, 0)), rows)

              def rows_of(self, x: Tensor, first: int, count: int) -> Tensor:
                return torch.narrow(x, 0, first, count)

              def matrix_in(self, memory: Tensor, rows: int, columns: int) -> Tensor:
                return torch.view(torch.narrow(memory, 0, 0, rows * columns), [rows, columns])

              def select_rows(self, x: Tensor, index: Tensor) -> Tensor:
                return torch.index_select(x, 0, index)

              def bfloat16_like(self, x: Tensor, rows: int, columns: int) -> Tensor:
                return torch.new_empty(x, [rows, columns], dtype=15)

              def widened(self, x: Tensor) -> Tensor:
                return torch.to(x, 6)

              def transposed(self, x: Tensor) -> Tensor:
                return torch.contiguous(torch.t(x))
            """;

    private final Checkpoint checkpoint;
    private final NDManager manager;
    private final TorchModule module;
    private final RowCopier copier;
    private final NDArray[] memories;
    private int passing;

    /** @param passingWeights how many weights that pass are in use at the same time */
    TensorLoader(Checkpoint checkpoint, NDManager manager, int passingWeights) {
        this.checkpoint = checkpoint;
        this.manager = manager;
        this.module = TorchModule.compile(
                manager, (METHODS + LowRankMerge.METHODS).replace("(self,", "(" + TorchScriptArchive.SELF + ","));
        this.copier = new RowCopier(checkpoint, manager, module);
        this.memories = new NDArray[passingWeights];
        Arrays.setAll(memories, i -> manager.create(new Shape(0), DataType.FLOAT32));
    }

    /** What the tensors lie in. */
    Checkpoint checkpoint() {
        return checkpoint;
    }

    /** Whether two matrices of this shape hold the same values, before any change. */
    boolean areEqual(String first, String second, int rows, int columns) {
        StoredTensor one = checkpoint.requireShared(first, rows, columns);
        StoredTensor other = checkpoint.requireShared(second, rows, columns);
        int rowsPerBlock = Math.max(1, RowCopier.BLOCK_FLOATS / columns);
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
        try (Source source = copier.source(checkpoint.require(name, size), name, new Change(added, factor))) {
            copier.copy(source, 0, size, target, 0, 1);
        }
        return target;
    }

    /** All values of a tensor of this shape, one after the other. */
    NDArray flat(String name, long... shape) {
        StoredTensor tensor = checkpoint.require(name, shape);
        int size = Math.toIntExact(tensor.elements());
        NDArray target = manager.create(new Shape(size), DataType.FLOAT32);
        try (Source source = copier.source(tensor, name, Change.NONE)) {
            copier.copy(source, 0, size, target, 0, 1);
        }
        return target;
    }

    NDArray matrix(String name, int rows, int columns) {
        return matrix(checkpoint.require(name, rows, columns), name, rows, columns);
    }

    /**
     * A matrix in bfloat16, as it is stored: half of float32's memory, and of the time to fill it.
     *
     * @return null where it is stored otherwise, is changed by an adapter, or is for a GPU
     */
    @Nullable
    NDArray bfloat16Matrix(String name, int rows, int columns) {
        StoredTensor tensor = checkpoint.require(name, rows, columns);
        try (Source source = copier.source(tensor, name, Change.NONE)) {
            return copier.bfloat16(source, rows, columns);
        }
    }

    /** A matrix in float32. */
    NDArray widened(NDArray matrix) {
        try (IValue argument = TorchModule.value(matrix)) {
            return module.call(manager, "widened", argument);
        }
    }

    /**
     * A matrix that has no tensor of its own.
     *
     * @param shared the name of the tensor that it is tied to
     * @param name by which an adapter changes it
     */
    NDArray sharedMatrix(String shared, String name, int rows, int columns) {
        return matrix(checkpoint.requireShared(shared, rows, columns), name, rows, columns);
    }

    private NDArray matrix(StoredTensor tensor, String name, int rows, int columns) {
        NDArray target = manager.create(new Shape(rows, columns), DataType.FLOAT32);
        copier.evidence().begin();
        try (Source source = copier.source(tensor, name, Change.NONE)) {
            copier.copy(source, 0, rows, target, 0, columns);
            return source.finished(target);
        }
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
            String name = part.name() + suffix;
            first = copy(checkpoint.requireValues(name, part.stored()), name, part, target, first, 1);
        }
        return target;
    }

    /** The biases of a layer that has them, one part after the other. */
    NDArray bias(StoredLinear linear) {
        if (linear.stack() == null) {
            return vectors(linear.parts(), ".bias");
        }
        NDArray target = manager.create(new Shape(linear.outputs()), DataType.FLOAT32);
        long first = 0;
        for (StoredRows part : linear.parts()) {
            String name = linear.biasName(part);
            StoredTensor tensor = linear.own(checkpoint.require(name, linear.biasShape(part)));
            first = copy(tensor, name, part, target, first, 1);
        }
        return target;
    }

    /** The matrix of a layer, {@code [outputs, inputs]}: one part below the other. */
    NDArray weight(StoredLinear linear) {
        return weight(linear, manager.create(new Shape(linear.outputs(), linear.inputs()), DataType.FLOAT32));
    }

    /**
     * As {@link #weight}, but in memory that a later call uses again, after as many as there may pass at the same time: getting
     * pages from the system takes longer than filling them.
     */
    NDArray passingWeight(StoredLinear linear) {
        long size = (long) linear.outputs() * linear.inputs();
        int next = passing++ % memories.length;
        if (memories[next].size() < size) {
            memories[next].close();
            memories[next] = manager.create(new Shape(size), DataType.FLOAT32);
        }
        try (IValue whole = TorchModule.value(memories[next]);
                IValue rows = IValue.from((long) linear.outputs());
                IValue columns = IValue.from((long) linear.inputs())) {
            return weight(linear, module.call(manager, "matrix_in", whole, rows, columns));
        }
    }

    /** Frees what passing weights lay in, and ends the threads that read. */
    @Override
    public void close() {
        Arrays.stream(memories).forEach(NDArray::close);
        copier.close();
    }

    /** Whether float16 is known to hold the matrix that was loaded last, see {@link HalfEvidence}. */
    boolean isKnownToFitHalf() {
        return copier.evidence().isSufficient();
    }

    private NDArray weight(StoredLinear linear, NDArray target) {
        copier.evidence().begin();
        long first = 0;
        for (StoredRows part : linear.parts()) {
            String name = linear.weightName(part);
            StoredTensor tensor = linear.own(checkpoint.require(name, linear.weightShape(part)));
            first = linear.transposed()
                    ? copyTransposed(tensor, name, part, target, first, linear.inputs())
                    : copy(tensor, name, part, target, first, linear.inputs());
        }
        return target;
    }

    /** As {@link #copy}, of a matrix that is stored {@code [columns, rows]}. */
    private long copyTransposed(
            StoredTensor tensor, String name, StoredRows part, NDArray target, long firstRow, int columns) {
        NDArray stored = manager.create(new Shape(columns, part.stored()), DataType.FLOAT32);
        try (Source source = copier.source(tensor, name, new Change(part.added(), part.factor()))) {
            copier.copy(source, 0, columns, stored, 0, part.stored());
            copier.evidence().addUnknown();
            try (NDArray turned = copier.transposed(source.finished(stored));
                    NDArray chosen = selectRows(turned, part.order())) {
                copier.copyRows(chosen, target, firstRow);
            }
        }
        return firstRow + part.order().length;
    }

    private static int rows(List<StoredRows> parts) {
        return parts.stream().mapToInt(part -> part.order().length).sum();
    }

    /** Copies a part to the rows of {@code target} from {@code firstRow} on; returns the row after it. */
    private long copy(StoredTensor tensor, String name, StoredRows part, NDArray target, long firstRow, int columns) {
        int[] order = part.order();
        try (Source source = copier.source(tensor, name, new Change(part.added(), part.factor()))) {
            if (part.isRange()) {
                return copier.copy(source, order[0], order.length, target, firstRow, columns);
            }
            boolean isVector = target.getShape().dimension() == 1;
            Shape shape = isVector ? new Shape(part.stored()) : new Shape(part.stored(), columns);
            try (NDArray stored = manager.create(shape, DataType.FLOAT32)) {
                copier.copy(source, 0, part.stored(), stored, 0, columns);
                copier.evidence().addUnknown(); // of these some are chosen
                try (NDArray chosen = selectRows(stored, order)) {
                    copier.copyRows(chosen, target, firstRow);
                }
            }
        }
        return firstRow + order.length;
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
