package io.bytelm.lm.checkpoint;

import java.nio.file.Path;
import java.util.Arrays;

/**
 * Where one tensor lies.
 *
 * @param offset of its first byte in the file
 */
public record StoredTensor(Path file, String name, StoredType type, long[] shape, long offset) {
    /** The number of elements. */
    public long elements() {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    @Override
    public String toString() {
        return file + ": tensor '" + name + "' " + type + Arrays.toString(shape);
    }
}
