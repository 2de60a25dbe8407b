package io.bytelm.lm.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import io.bytelm.lm.checkpoint.Checkpoint;
import io.bytelm.lm.checkpoint.LowRank;
import io.bytelm.lm.checkpoint.StoredTensor;
import io.bytelm.lm.checkpoint.StoredType;
import io.bytelm.lm.checkpoint.TensorChange;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/** Copies rows of a checkpoint's tensors to arrays on the device, block by block, and changes them on the way. */
final class RowCopier implements AutoCloseable {
    /** What is read, widened and copied in turn stays in a core's own cache. */
    static final int BLOCK_FLOATS = 1 << 18;

    private final Checkpoint checkpoint;
    private final NDManager manager;
    private final TorchModule module;
    private final Block block = new Block(4 * BLOCK_FLOATS);
    private final Block narrow = new Block(2 * BLOCK_FLOATS);
    private final Bfloat16Widening widening = new Bfloat16Widening();
    private final HalfEvidence evidence = new HalfEvidence();
    private final HostRowCopier onHost;

    RowCopier(Checkpoint checkpoint, NDManager manager, TorchModule module) {
        this.checkpoint = checkpoint;
        this.manager = manager;
        this.module = module;
        this.onHost = new HostRowCopier(checkpoint, manager, module, evidence);
    }

    /** Memory outside the heap, in this machine's order. */
    private record Block(ByteBuffer memory) {
        Block(int bytes) {
            this(ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()));
        }

        /** So many bytes of it; other memory where it is too small. */
        ByteBuffer room(int bytes) {
            return memory.capacity() >= bytes
                    ? memory.clear().limit(bytes)
                    : ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        }
    }

    /** What happens to values between the file and the device: {@code (value + added) * factor}. */
    record Change(double added, double factor) {
        static final Change NONE = new Change(0, 1);

        private void apply(FloatBuffer values) {
            if (equals(NONE)) {
                return;
            }
            for (int i = 0; i < values.limit(); i++) {
                values.put(i, (float) ((values.get(i) + added) * factor));
            }
        }
    }

    /**
     * Where values come from, and what happens to them.
     *
     * @param adapted by an adapter, before {@code change}
     * @param merge the part of {@code adapted} that is done on the device, times the factor of {@code change}
     */
    record Source(
            StoredTensor tensor,
            TensorChange adapted,
            Change change,
            @Nullable LowRankMerge merge) implements AutoCloseable {
        /** Whether values come to the device as the file has them, but for their type. */
        boolean isUnchanged() {
            return merge == null && adapted.equals(TensorChange.NONE) && change.equals(Change.NONE);
        }

        /** @param matrix all rows; closed if another one is returned */
        NDArray finished(NDArray matrix) {
            return merge == null ? matrix : merge.finished(matrix);
        }

        @Override
        public void close() {
            if (merge != null) {
                merge.close();
            }
        }
    }

    /** Of the values that were copied since it has begun. */
    HalfEvidence evidence() {
        return evidence;
    }

    /** @param name by which an adapter changes the tensor */
    Source source(StoredTensor tensor, String name, Change change) {
        TensorChange adapted = checkpoint.change(name);
        LowRank lowRank = adapted.lowRank();
        return new Source(tensor, adapted, change, lowRank == null ? null : merge(lowRank, change.factor()));
    }

    private LowRankMerge merge(LowRank change, double factor) {
        NDArray a = plain(change.a(), new Shape(change.rank(), change.inputs()), 1);
        NDArray b = plain(change.b(), new Shape(change.outputs(), change.rank()), change.scale() * factor);
        StoredTensor magnitudes = change.magnitudes();
        boolean turned = change.transposed();
        Shape shape = turned ? new Shape(1, change.outputs()) : new Shape(change.outputs(), 1);
        NDArray lengths = magnitudes == null ? null : plain(magnitudes, shape, Math.abs(factor));
        return new LowRankMerge(
                module,
                manager,
                turned ? transposed(a) : b,
                turned ? transposed(b) : a,
                turned ? null : lengths,
                turned ? lengths : null);
    }

    private NDArray plain(StoredTensor tensor, Shape shape, double factor) {
        NDArray target = manager.create(shape, DataType.FLOAT32);
        Source source = new Source(tensor, TensorChange.NONE, new Change(0, factor), null);
        copy(source, 0, shape.get(0), target, 0, (int) shape.get(1));
        return target;
    }

    /**
     * Copies rows.
     *
     * @param first the first of the source's
     * @param firstRow the first of {@code target}'s
     * @return the row of {@code target} after the last one
     */
    long copy(Source source, long first, long rows, NDArray target, long firstRow, int columns) {
        if (source.isUnchanged() && HostRowCopier.isFor(source.tensor(), target.getDevice(), columns)) {
            onHost.copy(source.tensor(), first, rows, target, firstRow, columns);
            return firstRow + rows;
        }
        evidence.addUnknown();
        int rowsPerBlock = Math.max(1, BLOCK_FLOATS / columns);
        for (long row = 0; row < rows; row += rowsPerBlock) {
            int count = (int) Math.min(rowsPerBlock, rows - row);
            copyBlock(source, first + row, target, firstRow + row, new Shape(count, columns));
        }
        return firstRow + rows;
    }

    /**
     * A matrix in bfloat16 as it is stored, {@code [rows, columns]}.
     *
     * @return null where it is stored otherwise, changed, or for a GPU
     */
    @Nullable
    NDArray bfloat16(Source source, int rows, int columns) {
        boolean isKept = source.tensor().type() == StoredType.BF16
                && source.isUnchanged()
                && HostRowCopier.isFor(source.tensor(), manager.getDevice(), columns);
        if (!isKept) {
            return null;
        }
        evidence.begin();
        try (NDArray like = manager.create(new Shape(0), DataType.FLOAT32);
                IValue any = TorchModule.value(like);
                IValue height = IValue.from((long) rows);
                IValue width = IValue.from((long) columns)) {
            NDArray target = module.call(manager, "bfloat16_like", any, height, width);
            onHost.copyBfloat16(source.tensor(), target, rows, columns);
            return target;
        }
    }

    private void copyBlock(Source source, long sourceRow, NDArray target, long targetRow, Shape shape) {
        StoredType type = source.tensor().type();
        if (type != null && source.isUnchanged() && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            copyStored(source.tensor(), type, sourceRow, target, targetRow, shape);
            return;
        }
        int floats = (int) shape.size();
        int columns = (int) shape.get(1);
        ByteBuffer data = block.room(4 * floats);
        FloatBuffer values = data.asFloatBuffer();
        checkpoint.read(source.tensor(), sourceRow * columns, values);
        source.adapted().apply(checkpoint, values.flip(), sourceRow, columns);
        source.change().apply(values);
        Shape rowShape = target.getShape().dimension() == 1 ? new Shape(shape.get(0)) : shape;
        LowRankMerge merge = source.merge();
        NDArray plain = manager.create(data, rowShape, DataType.FLOAT32);
        try (NDArray rows = merge == null ? plain : merge.merged(plain, sourceRow)) {
            copyRows(rows, target, targetRow);
        }
    }

    /** Numbers that nothing is done to are copied and widened in bulk. */
    private void copyStored(
            StoredTensor tensor, StoredType type, long sourceRow, NDArray target, long targetRow, Shape shape) {
        int count = (int) shape.size();
        ByteBuffer stored = type == StoredType.BF16 ? narrow.room(2 * count) : block.room(type.bytes() * count);
        checkpoint.readStored(tensor, sourceRow * shape.get(1), stored);
        ByteBuffer data = stored.flip();
        if (type == StoredType.BF16) {
            data = block.room(4 * count);
            widening.widen(stored, data);
        }
        Shape rowShape = target.getShape().dimension() == 1 ? new Shape(shape.get(0)) : shape;
        DataType engineType = type == StoredType.F16 ? DataType.FLOAT16 : DataType.FLOAT32;
        try (NDArray rows = manager.create(data, rowShape, engineType)) {
            copyRows(rows, target, targetRow);
        }
    }

    void copyRows(NDArray rows, NDArray target, long targetRow) {
        try (IValue to = TorchModule.value(target);
                IValue first = IValue.from(targetRow);
                IValue from = TorchModule.value(rows)) {
            module.call(manager, "copy_rows", to, first, from).close();
        }
    }

    /** @param matrix closed */
    NDArray transposed(NDArray matrix) {
        try (matrix;
                IValue argument = TorchModule.value(matrix)) {
            return module.call(manager, "transposed", argument);
        }
    }

    @Override
    public void close() {
        onHost.close();
    }
}
