package io.bytelm.lm.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import io.bytelm.lm.checkpoint.Checkpoint;
import io.bytelm.lm.checkpoint.StoredTensor;
import io.bytelm.lm.checkpoint.StoredType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Stream;

/**
 * Copies rows as the file has them, but for their type, to arrays in this machine's memory. Blocks are read, and widened,
 * right into the array, by as many threads as the engine has: nothing is copied twice, and no thread waits for another one
 * before all blocks are done.
 */
final class HostRowCopier implements AutoCloseable {
    private final Checkpoint checkpoint;
    private final NDManager manager;
    private final TorchModule module;
    private final EngineLanes lanes;
    private final List<Desk> desks;
    private final HalfEvidence evidence;

    /** What one thread works with: memory for numbers that are not wide yet. */
    private record Desk(ByteBuffer narrow, Bfloat16Widening widening) {
        Desk() {
            this(
                    ByteBuffer.allocateDirect(Short.BYTES * RowCopier.BLOCK_FLOATS)
                            .order(ByteOrder.nativeOrder()),
                    new Bfloat16Widening());
        }
    }

    /** @param module has {@code rows_of}, which gives rows of a matrix, or numbers of a vector, as they lie in memory */
    HostRowCopier(Checkpoint checkpoint, NDManager manager, TorchModule module, HalfEvidence evidence) {
        this.evidence = evidence;
        this.checkpoint = checkpoint;
        this.manager = manager;
        this.module = module;
        this.lanes = new EngineLanes(manager.getDevice().isGpu() ? 1 : TorchRuntime.threads());
        this.desks = Stream.generate(Desk::new).limit(lanes.count()).toList();
    }

    /** Whether it is for such numbers, in an array on such a device. */
    static boolean isFor(StoredTensor tensor, Device device, int columns) {
        boolean isWidened = tensor.type() == StoredType.BF16 && columns <= RowCopier.BLOCK_FLOATS;
        return (isWidened || tensor.type() == StoredType.F32)
                && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                && !device.isGpu();
    }

    /** As {@link RowCopier#copy}. */
    void copy(StoredTensor tensor, long first, long rows, NDArray target, long firstRow, int columns) {
        inBlocks(
                rows,
                columns,
                (row, count, desk) -> copyBlock(tensor, (first + row) * columns, target, firstRow + row, count, desk));
    }

    /** What is done to some of the rows, on any thread. */
    @FunctionalInterface
    private interface BlockWork {
        void run(long row, long count, Desk desk);
    }

    private void inBlocks(long rows, int columns, BlockWork work) {
        long rowsPerBlock = Math.max(1, RowCopier.BLOCK_FLOATS / columns);
        int blocks = Math.toIntExact((rows + rowsPerBlock - 1) / rowsPerBlock);
        lanes.run(blocks, (block, lane) -> {
            long row = block * rowsPerBlock;
            work.run(row, Math.min(rowsPerBlock, rows - row), desks.get(lane));
        });
    }

    private void copyBlock(StoredTensor tensor, long first, NDArray target, long firstRow, long rows, Desk desk) {
        try (NDManager scratch = manager.newSubManager();
                IValue whole = TorchModule.value(target);
                IValue from = IValue.from(firstRow);
                IValue count = IValue.from(rows)) {
            NDArray part = module.call(scratch, "rows_of", whole, from, count);
            ByteBuffer memory = part.toByteBuffer(true).order(ByteOrder.nativeOrder()); // dies with the scratch manager
            if (tensor.type() == StoredType.F32) {
                checkpoint.readStored(tensor, first, memory);
                evidence.addUnknown();
            } else {
                widen(tensor, first, memory, desk);
            }
        }
    }

    private void widen(StoredTensor tensor, long first, ByteBuffer target, Desk desk) {
        ByteBuffer narrow = desk.narrow().clear().limit(target.remaining() / 2);
        checkpoint.readStored(tensor, first, narrow);
        desk.widening().widen(narrow.flip(), target, evidence);
    }

    /**
     * Copies a matrix in bfloat16 to one in bfloat16. What is in a core's cache is widened and narrowed again, which changes no
     * number: the engine gives no access to memory of such arrays.
     *
     * @param target {@code [rows, columns]}
     */
    void copyBfloat16(StoredTensor tensor, NDArray target, long rows, int columns) {
        inBlocks(rows, columns, (row, count, desk) -> copyBfloat16(tensor, target, row, count, columns, desk));
    }

    private void copyBfloat16(StoredTensor tensor, NDArray target, long row, long rows, int columns, Desk desk) {
        try (NDManager scratch = manager.newSubManager()) {
            NDArray wide = scratch.create(new Shape(rows, columns), DataType.FLOAT32);
            widen(tensor, row * columns, wide.toByteBuffer(true).order(ByteOrder.nativeOrder()), desk);
            try (IValue to = TorchModule.value(target);
                    IValue first = IValue.from(row);
                    IValue from = TorchModule.value(wide)) {
                module.call(scratch, "copy_rows", to, first, from).close();
            }
        }
    }

    @Override
    public void close() {
        lanes.close();
    }
}
