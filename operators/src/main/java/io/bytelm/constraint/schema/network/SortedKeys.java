package io.bytelm.constraint.schema.network;

import java.util.Arrays;

/** Keys in the order of their bytes; those with a common beginning are a range. Immutable. */
public final class SortedKeys {
    static final SortedKeys NONE = new SortedKeys(new byte[0][]);

    private final byte[][] keys;

    private SortedKeys(byte[][] keys) {
        this.keys = keys;
    }

    /** @param keys distinct */
    public static SortedKeys of(byte[][] keys) {
        byte[][] sorted = keys.clone();
        Arrays.sort(sorted, Arrays::compareUnsigned);
        return new SortedKeys(sorted);
    }

    SortedKeys with(byte[] key) {
        int at = -1 - Arrays.binarySearch(keys, key, Arrays::compareUnsigned);
        byte[][] more = Arrays.copyOf(keys, keys.length + 1);
        System.arraycopy(keys, at, more, at + 1, keys.length - at);
        more[at] = key;
        return new SortedKeys(more);
    }

    /** The index of a key that is among them. */
    int indexOf(byte[] key) {
        return Arrays.binarySearch(keys, key, Arrays::compareUnsigned);
    }

    public int size() {
        return keys.length;
    }

    public byte[] get(int index) {
        return keys[index];
    }

    int lengthOf(int index) {
        return keys[index].length;
    }

    /** A key's byte (0 to 255) at a depth, or the quote after its last one. */
    int byteAt(int index, int depth) {
        byte[] key = keys[index];
        return key.length == depth ? '"' : key[depth] & 0xFF;
    }

    /** All of them, as a range: the first index above, the index after the last below. */
    long all() {
        return keys.length;
    }

    static int first(long range) {
        return (int) (range >>> 32);
    }

    static int past(long range) {
        return (int) range;
    }

    static int size(long range) {
        return Math.max(0, past(range) - first(range));
    }

    static boolean isEmpty(long range) {
        return first(range) >= past(range);
    }

    /** Those of a range whose byte at {@code depth} is this one; all of the range agree before it. */
    long narrow(long range, int depth, int nextByte) {
        int first = lowerBound(range, depth, nextByte);
        int past = lowerBound((long) first << 32 | past(range), depth, nextByte + 1);
        return (long) first << 32 | past;
    }

    /** The first of a range whose byte at {@code depth} is at least this one. */
    private int lowerBound(long range, int depth, int leastByte) {
        int low = first(range);
        int high = past(range);
        while (low < high) {
            int middle = (low + high) >>> 1;
            byte[] key = keys[middle];
            if (key.length <= depth || (key[depth] & 0xFF) < leastByte) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Whether the first of a range ends at this depth, so that the bytes so far are a key. */
    boolean endsAt(long range, int depth) {
        return !isEmpty(range) && keys[first(range)].length == depth;
    }
}
