package io.bytelm.decode;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Byte strings after which an output ends, wherever its bytes were cut.
 *
 * @param strings none of them empty; not to be changed
 */
public record StopStrings(List<byte[]> strings) {
    /** An output ends otherwise. */
    public static final StopStrings NONE = new StopStrings(List.of());

    /** @throws IllegalArgumentException if one is empty */
    public StopStrings {
        strings = List.copyOf(strings);
        if (strings.stream().anyMatch(stop -> stop.length == 0)) {
            throw new IllegalArgumentException("a stop string is empty");
        }
    }

    /** Whether the first {@code length} bytes end with one of them. */
    boolean end(byte[] bytes, int length) {
        for (byte[] stop : strings) {
            int from = length - stop.length;
            if (from >= 0 && Arrays.equals(bytes, from, length, stop, 0, stop.length)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StopStrings that && Arrays.deepEquals(strings.toArray(), that.strings.toArray());
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(strings.toArray());
    }
}
