package io.bytelm.vocab;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Finds token ids by their bytes: the ids in the order of their bytes, then of their numbers. */
final class TokenIndex {
    private final byte[][] tokens;
    private final int[] idsInByteOrder;

    TokenIndex(byte[][] tokens) {
        this.tokens = tokens;
        this.idsInByteOrder = IntStream.range(0, tokens.length)
                .boxed()
                .sorted(Comparator.comparing(id -> tokens[id], Arrays::compareUnsigned)) // stable: equal bytes by id
                .mapToInt(id -> id)
                .toArray();
    }

    int[] idsOf(byte[] bytes) {
        int from = firstNotBefore(bytes);
        int to = from;
        while (to < idsInByteOrder.length && Arrays.equals(tokens[idsInByteOrder[to]], bytes)) {
            to++;
        }
        return Arrays.copyOfRange(idsInByteOrder, from, to);
    }

    private int firstNotBefore(byte[] bytes) {
        int low = 0;
        int high = idsInByteOrder.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Arrays.compareUnsigned(tokens[idsInByteOrder[middle]], bytes) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
