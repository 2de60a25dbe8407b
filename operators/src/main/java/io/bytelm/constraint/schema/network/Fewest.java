package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Cursor;

/** Sums of numbers of bytes that stay below {@link Cursor#VERY_MANY_BYTES}. */
public final class Fewest {
    private Fewest() {}

    public static int sum(int a, int b) {
        return (int) Math.min(Cursor.VERY_MANY_BYTES, (long) a + b);
    }
}
