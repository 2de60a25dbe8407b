package io.bytelm.constraint.schema.network;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;

/** Writes a position as a sequence of numbers in base 128, the outermost value first. Used by one thread. */
final class PositionWriter {
    static final int ROOT = 0;
    static final int END = 1;
    static final int STRING = 2;
    static final int OTHER_SCALAR = 3;
    static final int ARRAY = 4;
    static final int OBJECT = 5;
    static final int KEY = 6;
    static final int GAP = 7;
    static final int BLANK = 8;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private PositionWriter() {}

    static byte[] write(Position position) {
        Deque<Position> outermostFirst = new ArrayDeque<>();
        for (Position at = position; at != null; at = at.enclosing()) {
            outermostFirst.addFirst(at);
        }
        PositionWriter writer = new PositionWriter();
        outermostFirst.forEach(at -> at.writeTo(writer));
        return writer.out.toByteArray();
    }

    void number(long number) {
        long rest = number;
        for (; (rest & ~0x7FL) != 0; rest >>>= 7) {
            out.write((int) (rest & 0x7F | 0x80));
        }
        out.write((int) rest);
    }

    void bits(long[] words) {
        for (long word : words) {
            number(word);
        }
    }

    void keys(SortedKeys keys) {
        number(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            bytes(keys.get(i));
        }
    }

    void bytes(byte[] bytes) {
        number(bytes.length);
        out.writeBytes(bytes);
    }
}
