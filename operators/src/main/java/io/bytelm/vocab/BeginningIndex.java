package io.bytelm.vocab;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;

/**
 * Some tokens of a vocabulary in the order of their bytes, so that those with one beginning are neighbours. Immutable, safe
 * for any thread.
 */
public final class BeginningIndex {
    private final Vocabulary vocabulary;
    private final int[] tokens;

    /** By the first byte of a token: where those begin; one more for the end. */
    private final int[] fromFirstByte = new int[257];

    /**
     * The tokens that begin with the same bytes.
     *
     * @param from the first of them
     * @param to one past the last
     * @param length how many bytes are the same
     */
    public record Beginning(int from, int to, int length) {
        /** Whether no token begins so. */
        public boolean isEmpty() {
            return from == to;
        }
    }

    BeginningIndex(Vocabulary vocabulary, BitSet tokens) {
        this.vocabulary = vocabulary;
        this.tokens = tokens.stream()
                .filter(token -> vocabulary.bytes(token).length > 0)
                .boxed()
                .sorted(Comparator.comparing(vocabulary::bytes, Arrays::compareUnsigned))
                .mapToInt(token -> token)
                .toArray();
        for (int b = 0; b < fromFirstByte.length; b++) {
            fromFirstByte[b] = firstNotBefore(all(), b);
        }
    }

    /** All tokens. */
    public Beginning all() {
        return new Beginning(0, tokens.length, 0);
    }

    /** Those of them that go on with a byte, 0 to 255. */
    public Beginning then(Beginning beginning, int b) {
        if (beginning.length == 0) {
            return new Beginning(fromFirstByte[b], fromFirstByte[b + 1], 1);
        }
        int from = firstNotBefore(beginning, b);
        return new Beginning(from, firstNotBefore(beginning, b + 1), beginning.length + 1);
    }

    private int firstNotBefore(Beginning beginning, int b) {
        int low = beginning.from;
        int high = beginning.to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            byte[] bytes = vocabulary.bytes(tokens[middle]);
            int next = bytes.length == beginning.length ? -1 : bytes[beginning.length] & 0xFF;
            if (next < b) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The tokens of just these bytes, usually one or none. */
    public int[] whole(Beginning beginning) {
        int to = beginning.from;
        while (to < beginning.to && vocabulary.bytes(tokens[to]).length == beginning.length) {
            to++;
        }
        return Arrays.copyOfRange(tokens, beginning.from, to);
    }
}
