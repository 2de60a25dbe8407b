package io.bytelm.record;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A header of a Kafka record as it came.
 *
 * @param name not unique within a record
 * @param value not to be changed; null if the producer sent none
 */
public record RecordHeader(String name, byte @Nullable [] value) {
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RecordHeader that && name.equals(that.name) && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, Arrays.hashCode(value));
    }
}
