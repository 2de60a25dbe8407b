package io.bytelm.job.likelihood.document;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * A running checksum over items: two readers have the same one only if they have given out the same items, in the same
 * order. CRC-32 and CRC-32C side by side, 63 bits in all: proof against accidents, and as fast as reading.
 */
final class ItemChecksum {
    private static final int HIGH_BITS = 31;

    private final CRC32 low = new CRC32();
    private final CRC32C high = new CRC32C();
    private final ByteBuffer numbers = ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES);

    void add(Item item) {
        byte[] id = item.id().getBytes(StandardCharsets.UTF_8);
        numbers.clear()
                .putLong(item.position())
                .putLong((long) id.length << Integer.SIZE | item.bytes().length)
                .putInt(item.reason() == null ? -1 : item.reason().ordinal());
        add(numbers.array());
        add(id);
        add(item.bytes());
    }

    private void add(byte[] bytes) {
        low.update(bytes);
        high.update(bytes);
    }

    /** Of all items so far; not negative. */
    long value() {
        return low.getValue() | (high.getValue() & ((1L << HIGH_BITS) - 1)) << Integer.SIZE;
    }
}
