package io.bytelm.lm.djl;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;

/** Widens numbers in bfloat16 to float32, whose upper half they are. Arrays, other than buffers, make it a few instructions a register. */
final class Bfloat16Widening {
    private static final int STRETCH = 4096;

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
            int count = Math.min(STRETCH, from.remaining());
            from.get(narrow, 0, count);
            for (int i = 0; i < count; i++) {
                wide[i] = narrow[i] << 16;
            }
            to.put(wide, 0, count);
        }
    }
}
