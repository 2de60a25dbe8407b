package io.bytelm.constraint.schema.network;

import org.jspecify.annotations.Nullable;

/** The bytes of a key so far, last byte first; two keys share their common beginning. Immutable. */
record KeyText(@Nullable KeyText before, byte last, int length) {
    static byte[] toBytes(@Nullable KeyText text) {
        byte[] bytes = new byte[text == null ? 0 : text.length];
        for (KeyText at = text; at != null; at = at.before) {
            bytes[at.length - 1] = at.last;
        }
        return bytes;
    }

    static KeyText append(@Nullable KeyText text, int nextByte) {
        return new KeyText(text, (byte) nextByte, text == null ? 1 : text.length + 1);
    }
}
