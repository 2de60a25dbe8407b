package io.bytelm.lm.djl;

import java.util.List;

/**
 * Index tensors one behind the other, for one transfer.
 *
 * @param all the parts' numbers
 * @param sizes of the parts
 */
record PackedNumbers(long[] all, long[] sizes) {
    static PackedNumbers of(List<long[]> parts) {
        long[] sizes = parts.stream().mapToLong(part -> part.length).toArray();
        long[] all = new long[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (long[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return new PackedNumbers(all, sizes);
    }
}
