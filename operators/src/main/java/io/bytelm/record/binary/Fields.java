package io.bytelm.record.binary;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * The parts that the binary formats are made of. Whole numbers are varints: seven bits a byte, the lowest first, the high
 * bit set on all but the last; signed ones are zigzag-coded before.
 */
final class Fields {
    /** A length that a damaged input claims is believed in steps of so many bytes or tokens, not at once. */
    private static final int STEP_BYTES = 1 << 16;

    private Fields() {}

    /** Writes a number as unsigned: 1 byte below 128, 10 bytes for negative ones. */
    static void writeVarint(long value, DataOutputView out) throws IOException {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.writeByte((int) (rest | 0x80));
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    static long readVarint(DataInputView in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = in.readByte();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number of more than 10 bytes");
    }

    /** A varint that must lie between 0 and {@code most}. */
    static int readSize(DataInputView in, int most) throws IOException {
        long value = readVarint(in);
        if (value < 0 || value > most) {
            throw new IllegalArgumentException("the number " + value + " where at most " + most + " is possible");
        }
        return (int) value;
    }

    static void writeSigned(long value, DataOutputView out) throws IOException {
        writeVarint((value << 1) ^ (value >> 63), out);
    }

    static long readSigned(DataInputView in) throws IOException {
        long zigzag = readVarint(in);
        return (zigzag >>> 1) ^ -(zigzag & 1);
    }

    static void writeBytes(byte[] bytes, DataOutputView out) throws IOException {
        writeVarint(bytes.length, out);
        out.write(bytes);
    }

    static byte[] readBytes(DataInputView in) throws IOException {
        int length = readSize(in, Integer.MAX_VALUE);
        byte[] bytes = new byte[Math.min(length, STEP_BYTES)];
        in.readFully(bytes);
        while (bytes.length < length) {
            int read = bytes.length;
            bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * read));
            in.readFully(bytes, read, bytes.length - read);
        }
        return bytes;
    }

    /** A count, then the tokens. */
    static void writeTokens(int[] tokens, DataOutputView out) throws IOException {
        writeVarint(tokens.length, out);
        for (int token : tokens) {
            writeVarint(token, out);
        }
    }

    static int[] readTokens(DataInputView in) throws IOException {
        int count = readSize(in, Integer.MAX_VALUE);
        int[] tokens = new int[Math.min(count, STEP_BYTES)];
        for (int i = 0; i < count; i++) {
            if (i == tokens.length) {
                tokens = Arrays.copyOf(tokens, (int) Math.min(count, 2L * i));
            }
            tokens[i] = readSize(in, Integer.MAX_VALUE);
        }
        return tokens;
    }

    static void writeText(String text, DataOutputView out) throws IOException {
        writeBytes(text.getBytes(StandardCharsets.UTF_8), out);
    }

    static String readText(DataInputView in) throws IOException {
        return new String(readBytes(in), StandardCharsets.UTF_8);
    }

    /** A presence byte, then the text if there is one. */
    static void writeNullableText(@Nullable String text, DataOutputView out) throws IOException {
        writeNullableBytes(text == null ? null : text.getBytes(StandardCharsets.UTF_8), out);
    }

    static @Nullable String readNullableText(DataInputView in) throws IOException {
        return readFlag(in) ? readText(in) : null;
    }

    /** A presence byte, then the bytes if there are any. */
    static void writeNullableBytes(byte @Nullable [] bytes, DataOutputView out) throws IOException {
        out.writeBoolean(bytes != null);
        if (bytes != null) {
            writeBytes(bytes, out);
        }
    }

    static byte @Nullable [] readNullableBytes(DataInputView in) throws IOException {
        return readFlag(in) ? readBytes(in) : null;
    }

    /** A boolean that is 0 or 1 and nothing else. */
    static boolean readFlag(DataInputView in) throws IOException {
        return readSize(in, 1) == 1;
    }

    /** One of an enum's constants by its place, as {@link #writeVarint} wrote its ordinal. */
    static <E extends Enum<E>> E readEnum(E[] constants, DataInputView in) throws IOException {
        return constants[readSize(in, constants.length - 1)];
    }
}
