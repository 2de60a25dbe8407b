package io.bytelm.lm.checkpoint;

import java.nio.file.Path;
import java.util.Arrays;

/**
 * A tensor whose numbers are stored one by one.
 *
 * @param offset of its first byte in the file
 */
record PlainTensor(Path file, String name, StoredType type, long[] shape, long offset) implements StoredTensor {
    @Override
    public PlainTensor slice(long index) {
        long bytes = elements() / shape[0] * type.bytes();
        return new PlainTensor(file, name, type, Arrays.copyOfRange(shape, 1, shape.length), offset + index * bytes);
    }

    @Override
    public String toString() {
        return file + ": tensor '" + name + "' " + type + Arrays.toString(shape);
    }
}
