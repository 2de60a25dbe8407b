package io.bytelm.lm.checkpoint;

import java.nio.file.Path;
import java.util.Arrays;

/**
 * A tensor of bytes, in which several numbers may be packed.
 *
 * @param offset of its first byte in the file
 */
record StoredBytes(Path file, String name, long[] shape, long offset) {
    /** One of the tensors that lie in this one, one after the other, along the first dimension. */
    StoredBytes slice(long index) {
        long[] rest = Arrays.copyOfRange(shape, 1, shape.length);
        long bytes = Arrays.stream(rest).reduce(1, (a, b) -> a * b);
        return new StoredBytes(file, name, rest, offset + index * bytes);
    }

    @Override
    public String toString() {
        return file + ": tensor '" + name + "' U8" + Arrays.toString(shape);
    }
}
