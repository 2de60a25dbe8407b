package io.bytelm.constraint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** The numbers in a saved position ({@link Cursor#save}): seven bits a byte, the lowest first, all bytes but the last negative. */
public final class SavedNumbers {
    private SavedNumbers() {}

    /** @param number at least 0 */
    public static void put(ByteArrayOutputStream out, int number) {
        int rest = number;
        while (rest > 0x7F) {
            out.write((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    /**
     * Reads a number.
     *
     * @throws IllegalArgumentException if it is not less than {@code limit}
     * @throws java.nio.BufferUnderflowException if the bytes end within it
     */
    public static int get(ByteBuffer in, int limit) {
        int number = 0;
        int shift = 0;
        int b;
        do {
            b = in.get();
            number |= (b & 0x7F) << shift;
            shift += 7;
        } while (b < 0 && shift < 28);
        if (b < 0 || number >= limit) {
            throw notAPosition();
        }
        return number;
    }

    /** For whoever reads bytes that no position was written as. */
    public static IllegalArgumentException notAPosition() {
        return new IllegalArgumentException("the saved bytes are not a position of this constraint");
    }
}
