package io.bytelm.lm.checkpoint;

import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Where one tensor lies, and how its numbers are stored. */
public sealed interface StoredTensor permits PlainTensor, Mxfp4Tensor {
    Path file();

    String name();

    /** How many numbers there are in each dimension, however they are stored. */
    long[] shape();

    /** How each number is stored; null where several are packed together. */
    @Nullable
    StoredType type();

    /** One of the tensors that lie in this one, one after the other, along the first dimension. */
    StoredTensor slice(long index);

    /** The number of elements. */
    default long elements() {
        return Arrays.stream(shape()).reduce(1, (a, b) -> a * b);
    }
}
