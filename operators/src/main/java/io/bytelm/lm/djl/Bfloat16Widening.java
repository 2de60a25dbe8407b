package io.bytelm.lm.djl;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;

/** Widens numbers in bfloat16 to float32, whose upper half they are. Arrays, other than buffers, make it a few instructions a register. */
final class Bfloat16Widening {
    /** So many are seen at a time: each count of {@link #counts} fits into half of an int. */
    private static final int STRETCH = 4096;

    private static final int COUNT_BITS = 16;
    private static final int COUNT_MASK = (1 << COUNT_BITS) - 1;
    private static final int MAGNITUDE = 0x7fffffff;
    private static final int LEAST_EXACT = HalfEvidence.LEAST_EXACT << 16;
    private static final int LARGEST = (HalfEvidence.TOO_LARGE << 16) - 1;

    /** Of so many numbers one is squared: enough for a bound, and adding them up takes longer than widening them. */
    private static final int SQUARED = 4;

    private final short[] narrow = new short[STRETCH];
    private final int[] wide = new int[STRETCH];

    /** Of stretches, one after the other. */
    private final class Seen {
        private long inexact;
        private double squares;
        private boolean isTooLarge;

        void add(int count) {
            int counts = counts(count);
            inexact += counts & COUNT_MASK;
            isTooLarge |= counts >>> COUNT_BITS > 0;
            squares += squares(count);
        }

        void tell(HalfEvidence evidence) {
            if (isTooLarge) {
                evidence.addUnknown();
            }
            evidence.add(inexact, squares);
        }
    }

    /**
     * Widens all that remains.
     *
     * @param source in this machine's order, which is the file's
     * @param target with room for as many numbers
     */
    void widen(ByteBuffer source, ByteBuffer target) {
        ShortBuffer from = source.asShortBuffer();
        IntBuffer to = target.asIntBuffer();
        while (from.hasRemaining()) {
            to.put(wide, 0, widenStretch(from));
        }
    }

    /** As {@link #widen(ByteBuffer, ByteBuffer)}, and tells what is seen. */
    void widen(ByteBuffer source, ByteBuffer target, HalfEvidence evidence) {
        ShortBuffer from = source.asShortBuffer();
        IntBuffer to = target.asIntBuffer();
        Seen seen = new Seen();
        while (from.hasRemaining()) {
            int count = widenStretch(from);
            to.put(wide, 0, count);
            seen.add(count);
        }
        seen.tell(evidence);
    }

    private int widenStretch(ShortBuffer from) {
        int count = Math.min(STRETCH, from.remaining());
        from.get(narrow, 0, count);
        for (int i = 0; i < count; i++) {
            wide[i] = narrow[i] << 16;
        }
        return count;
    }

    /**
     * How many are neither zero nor as large as float16 needs them; and in the upper half, how many are too large for it.
     * Without a branch, and as one sum, which is added up a register at a time.
     */
    private int counts(int count) {
        int counts = 0;
        for (int i = 0; i < count; i++) {
            int magnitude = wide[i] & MAGNITUDE;
            counts += ((magnitude - LEAST_EXACT & -magnitude) >>> 31) + ((LARGEST - magnitude) >>> 31 << COUNT_BITS);
        }
        return counts;
    }

    /** At most the sum of all squares. Four sums at a time, none of which waits for another one. */
    private double squares(int count) {
        float first = 0;
        float second = 0;
        float third = 0;
        float fourth = 0;
        int i = 0;
        for (; i <= count - 4 * SQUARED; i += 4 * SQUARED) {
            first += square(i);
            second += square(i + SQUARED);
            third += square(i + 2 * SQUARED);
            fourth += square(i + 3 * SQUARED);
        }
        double squares = (double) first + second + third + fourth;
        for (; i < count; i += SQUARED) {
            squares += square(i);
        }
        return squares;
    }

    private float square(int i) {
        float value = Float.intBitsToFloat(wide[i]);
        return value * value;
    }
}
