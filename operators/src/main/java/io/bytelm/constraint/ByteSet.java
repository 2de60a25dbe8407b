package io.bytelm.constraint;

import java.util.Arrays;
import java.util.function.IntPredicate;

/** A set of bytes (each as 0 to 255): 256 bits. Immutable. */
public final class ByteSet {
    public static final ByteSet NONE = new ByteSet(0, 0, 0, 0);
    public static final ByteSet ALL = new ByteSet(-1, -1, -1, -1);

    private final long word0;
    private final long word1;
    private final long word2;
    private final long word3;

    private ByteSet(long word0, long word1, long word2, long word3) {
        this.word0 = word0;
        this.word1 = word1;
        this.word2 = word2;
        this.word3 = word3;
    }

    /**
     * The set of 256 bits.
     *
     * @param words {@code [4]}; bit {@code b & 63} of word {@code b >> 6} stands for byte {@code b}
     */
    public static ByteSet ofWords(long[] words) {
        return new ByteSet(words[0], words[1], words[2], words[3]);
    }

    public static ByteSet of(int... bytes) {
        long[] words = new long[4];
        for (int b : bytes) {
            words[b >> 6] |= 1L << b;
        }
        return ofWords(words);
    }

    /** All bytes from {@code first} to {@code last}, both included. */
    public static ByteSet range(int first, int last) {
        long[] words = new long[4];
        for (int b = first; b <= last; b++) {
            words[b >> 6] |= 1L << b;
        }
        return ofWords(words);
    }

    public boolean contains(int b) {
        return (word(b >> 6) >>> b & 1) != 0;
    }

    public boolean isEmpty() {
        return (word0 | word1 | word2 | word3) == 0;
    }

    public int size() {
        return Long.bitCount(word0) + Long.bitCount(word1) + Long.bitCount(word2) + Long.bitCount(word3);
    }

    /** The smallest member that is at least {@code from} (0 to 256), or -1. */
    public int nextMember(int from) {
        if (from > 255) {
            return -1;
        }
        int index = from >> 6;
        long word = word(index) & (-1L << from);
        while (word == 0) {
            if (++index == 4) {
                return -1;
            }
            word = word(index);
        }
        return (index << 6) + Long.numberOfTrailingZeros(word);
    }

    public ByteSet or(ByteSet that) {
        return new ByteSet(word0 | that.word0, word1 | that.word1, word2 | that.word2, word3 | that.word3);
    }

    public ByteSet and(ByteSet that) {
        return new ByteSet(word0 & that.word0, word1 & that.word1, word2 & that.word2, word3 & that.word3);
    }

    public ByteSet minus(ByteSet that) {
        return new ByteSet(word0 & ~that.word0, word1 & ~that.word1, word2 & ~that.word2, word3 & ~that.word3);
    }

    /** Adds the members to 256 bits as those of {@link #ofWords}. */
    public void addTo(long[] words) {
        words[0] |= word0;
        words[1] |= word1;
        words[2] |= word2;
        words[3] |= word3;
    }

    /** The members that satisfy a predicate. */
    public ByteSet retain(IntPredicate predicate) {
        long[] words = new long[4];
        for (int b = nextMember(0); b >= 0; b = nextMember(b + 1)) {
            words[b >> 6] |= predicate.test(b) ? 1L << b : 0;
        }
        return ofWords(words);
    }

    /** Word {@code index} (0 to 3) of the 256 bits, as in {@link #ofWords}. */
    public long word(int index) {
        return switch (index) {
            case 0 -> word0;
            case 1 -> word1;
            case 2 -> word2;
            default -> word3;
        };
    }

    /** The members in ascending order. */
    public int[] toArray() {
        int[] members = new int[size()];
        int count = 0;
        for (int b = nextMember(0); b >= 0; b = nextMember(b + 1)) {
            members[count++] = b;
        }
        return members;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ByteSet that
                && word0 == that.word0
                && word1 == that.word1
                && word2 == that.word2
                && word3 == that.word3;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(new long[] {word0, word1, word2, word3});
    }

    @Override
    public String toString() {
        return Arrays.toString(toArray());
    }
}
