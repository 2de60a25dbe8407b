package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Cursor;

/** Sums and products of numbers of bytes that stay below {@link Cursor#VERY_MANY_BYTES}. */
public final class Fewest {
    private Fewest() {}

    /** So many times a number of bytes; 0 for no times or fewer. */
    public static int product(int times, int bytes) {
        return times <= 0 ? 0 : (int) Math.min(Cursor.VERY_MANY_BYTES, (long) times * bytes);
    }

    public static int sum(int a, int b) {
        return (int) Math.min(Cursor.VERY_MANY_BYTES, (long) a + b);
    }
}
