package io.bytelm.lm.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import org.jspecify.annotations.Nullable;

/**
 * Adds a product of two small matrices to rows of a large one, block by block, on the device in float32.
 *
 * @param left {@code [stored rows, rank]}, scaled
 * @param right {@code [rank, stored columns]}
 * @param rowLengths {@code [stored rows, 1]}: the Euclidean lengths that rows are brought to; null to leave them
 * @param columnLengths {@code [1, stored columns]}: as well, of columns
 */
record LowRankMerge(
        TorchModule module,
        NDManager manager,
        NDArray left,
        NDArray right,
        @Nullable NDArray rowLengths,
        @Nullable NDArray columnLengths)
        implements AutoCloseable {
    /** TorchScript methods that a module for merging has. */
    static final String METHODS = """

              def merged(self, rows: Tensor, left: Tensor, right: Tensor, first: int) -> Tensor:
                part = torch.narrow(left, 0, first, torch.size(rows, 0))
                return torch.add(rows, torch.matmul(part, right))

              def of_lengths(self, x: Tensor, lengths: Tensor, dimension: int) -> Tensor:
                norm = torch.linalg_vector_norm(x, 2, [dimension], True)
                return torch.mul(torch.div(x, norm), lengths)

              def narrowed(self, x: Tensor, first: int, count: int) -> Tensor:
                return torch.narrow(x, 0, first, count)
            """;

    /**
     * The sum for some rows.
     *
     * @param rows closed
     * @param first the first of them
     */
    NDArray merged(NDArray rows, long first) {
        NDArray sum;
        try (rows;
                IValue from = TorchModule.value(rows);
                IValue leftValue = TorchModule.value(left);
                IValue rightValue = TorchModule.value(right);
                IValue firstValue = IValue.from(first)) {
            sum = module.call(manager, "merged", from, leftValue, rightValue, firstValue);
        }
        if (rowLengths == null) {
            return sum;
        }
        long count = sum.getShape().get(0);
        try (IValue lengths = TorchModule.value(rowLengths);
                IValue firstValue = IValue.from(first);
                IValue countValue = IValue.from(count);
                NDArray part = module.call(manager, "narrowed", lengths, firstValue, countValue)) {
            return ofLengths(sum, part, 1);
        }
    }

    /**
     * The whole matrix, when all rows were merged.
     *
     * @param matrix closed if another one is returned
     */
    NDArray finished(NDArray matrix) {
        return columnLengths == null ? matrix : ofLengths(matrix, columnLengths, 0);
    }

    private NDArray ofLengths(NDArray x, NDArray lengths, long dimension) {
        try (x;
                IValue value = TorchModule.value(x);
                IValue lengthsValue = TorchModule.value(lengths);
                IValue dimensionValue = IValue.from(dimension)) {
            return module.call(manager, "of_lengths", value, lengthsValue, dimensionValue);
        }
    }

    @Override
    public void close() {
        left.close();
        right.close();
        if (rowLengths != null) {
            rowLengths.close();
        }
        if (columnLengths != null) {
            columnLengths.close();
        }
    }
}
