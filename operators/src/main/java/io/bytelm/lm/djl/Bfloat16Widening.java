package io.bytelm.lm.djl;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;

/** Widens numbers in bfloat16 to float32, whose upper half they are. Arrays, other than buffers, make it a few instructions a register. */
final class Bfloat16Widening {
    private static final int STRETCH = 4096;
    private static final int MAGNITUDE = 0x7fff;

    /** Of so many numbers one is squared: enough for a bound, and adding them up takes longer than widening them. */
    private static final int SQUARED = 4;

    private final short[] narrow = new short[STRETCH];
    private final int[] wide = new int[STRETCH];

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
        long inexact = 0;
        double squares = 0;
        boolean tooLarge = false;
        while (from.hasRemaining()) {
            int count = widenStretch(from);
            to.put(wide, 0, count);
            inexact += inexact(count);
            squares += squares(count);
            tooLarge |= largest(count) >= HalfEvidence.TOO_LARGE;
        }
        if (tooLarge) {
            evidence.addUnknown();
        }
        evidence.add(inexact, squares);
    }

    private int widenStretch(ShortBuffer from) {
        int count = Math.min(STRETCH, from.remaining());
        from.get(narrow, 0, count);
        for (int i = 0; i < count; i++) {
            wide[i] = narrow[i] << 16;
        }
        return count;
    }

    /** How many are neither zero nor as large as float16 needs them, without a branch. */
    private int inexact(int count) {
        int inexact = 0;
        for (int i = 0; i < count; i++) {
            int magnitude = wide[i] >>> 16 & MAGNITUDE;
            inexact += (magnitude - HalfEvidence.LEAST_EXACT & -magnitude) >>> 31;
        }
        return inexact;
    }

    private int largest(int count) {
        int largest = 0;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, wide[i] >>> 16 & MAGNITUDE);
        }
        return largest;
    }

    private double squares(int count) {
        float squares = 0;
        for (int i = 0; i < count; i += SQUARED) {
            float value = Float.intBitsToFloat(wide[i]);
            squares += value * value;
        }
        return squares;
    }
}
