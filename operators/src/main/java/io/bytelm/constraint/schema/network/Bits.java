package io.bytelm.constraint.schema.network;

/** Small sets of indices as words of bits; sets of one size are compared word by word. */
final class Bits {
    private Bits() {}

    static long[] none(int size) {
        return new long[(size + 63) >> 6];
    }

    static boolean contains(long[] bits, int index) {
        return (bits[index >> 6] >>> index & 1) != 0;
    }

    static long[] with(long[] bits, int index) {
        long[] more = bits.clone();
        more[index >> 6] |= 1L << index;
        return more;
    }

    static long[] or(long[] a, long[] b) {
        long[] union = a.clone();
        for (int i = 0; i < union.length; i++) {
            union[i] |= b[i];
        }
        return union;
    }

    static long[] minus(long[] a, long[] b) {
        long[] rest = a.clone();
        for (int i = 0; i < rest.length; i++) {
            rest[i] &= ~b[i];
        }
        return rest;
    }

    static int size(long[] bits) {
        int size = 0;
        for (long word : bits) {
            size += Long.bitCount(word);
        }
        return size;
    }
}
