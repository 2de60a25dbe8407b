package io.bytelm.lm.checkpoint;

import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Where the weights of one linear layer lie: rows of stored matrices, one below the other.
 *
 * @param parts from top to bottom
 * @param inputs the width of each
 * @param biased whether each part has a bias
 * @param transposed whether the matrices are stored {@code [inputs, outputs]}
 * @param stack where each matrix is one of several in a tensor; null for tensors of its own
 */
public record StoredLinear(
        List<StoredRows> parts,
        int inputs,
        boolean biased,
        boolean transposed,
        @Nullable Stack stack) {
    /** No layer. */
    static final StoredLinear NONE = new StoredLinear(List.of(), 0, false, false, null);

    /**
     * A layer's place in tensors that hold the matrices, and the biases, of several, one after the other. They are called by
     * the parts' names, and {@code _bias} after them.
     *
     * @param count how many there are
     * @param packed whether the matrices are in MXFP4
     */
    public record Stack(int index, int count, boolean packed) {}

    /** Copies the list. */
    public StoredLinear {
        parts = List.copyOf(parts);
    }

    static StoredLinear of(int inputs, boolean biased, StoredRows... parts) {
        return new StoredLinear(List.of(parts), inputs, biased, false, null);
    }

    static StoredLinear transposed(int inputs, StoredRows... parts) {
        return new StoredLinear(List.of(parts), inputs, true, true, null);
    }

    /** With biases; stored transposed, but for those in MXFP4. */
    static StoredLinear stacked(int inputs, StoredRows part, Stack stack) {
        return new StoredLinear(List.of(part), inputs, true, !stack.packed(), stack);
    }

    /** Weights and biases times a factor. */
    StoredLinear times(double factor) {
        return new StoredLinear(
                parts.stream().map(part -> part.times(factor)).toList(), inputs, biased, transposed, stack);
    }

    /** Under names that begin with a prefix. */
    public StoredLinear prefixed(String prefix) {
        return new StoredLinear(
                parts.stream().map(part -> part.named(prefix + part.name())).toList(),
                inputs,
                biased,
                transposed,
                stack);
    }

    /** The number of rows. */
    public int outputs() {
        return parts.stream().mapToInt(part -> part.order().length).sum();
    }

    /** The name of the tensor of a part's weights. */
    public String weightName(StoredRows part) {
        return part.name() + (stack == null ? ".weight" : stack.packed() ? Mxfp4Tensor.BLOCKS : "");
    }

    /** The name of the tensor of a part's biases. */
    public String biasName(StoredRows part) {
        return part.name() + (stack == null ? ".bias" : "_bias");
    }

    /** The shape of the tensor of a part's weights. */
    public long[] weightShape(StoredRows part) {
        return transposed ? shape(inputs, part.stored()) : shape(part.stored(), inputs);
    }

    /** The shape of the tensor of a part's biases. */
    public long[] biasShape(StoredRows part) {
        return shape(part.stored());
    }

    private long[] shape(long... own) {
        return stack == null
                ? own
                : LongStream.concat(LongStream.of(stack.count()), LongStream.of(own))
                        .toArray();
    }

    /** This layer's part of a tensor. */
    public StoredTensor own(StoredTensor tensor) {
        return stack == null ? tensor : tensor.slice(stack.index());
    }
}
