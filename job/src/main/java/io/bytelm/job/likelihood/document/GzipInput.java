package io.bytelm.job.likelihood.document;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks gzip (RFC 1952): any number of members one after another, and zero bytes as padding behind them. The JDK's own
 * stream ends without a word where it should begin another member and cannot.
 */
final class GzipInput extends InputStream {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int FIRST_BYTE = 0x1f;
    private static final int SECOND_BYTE = 0x8b;
    private static final int DEFLATE = 8;
    private static final int HEADER_CHECKSUM = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;

    private final BufferedInputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final byte[] packed = new byte[1 << 12];
    private final byte[] one = new byte[1];
    private int filled;
    private boolean inside;
    private int members;

    GzipInput(InputStream in) {
        this.in = new BufferedInputStream(in, BUFFER_BYTES);
    }

    @Override
    public int read() throws IOException {
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (inside || beginMember()) {
            int read = inflate(bytes, offset, length);
            if (read > 0) {
                checksum.update(bytes, offset, read);
                return read;
            }
            endMember();
        }
        return -1;
    }

    /** Returns 0 at the member's end. */
    private int inflate(byte[] bytes, int offset, int length) throws IOException {
        try {
            while (true) {
                int read = inflater.inflate(bytes, offset, length);
                if (read > 0 || inflater.finished()) {
                    return read;
                }
                if (inflater.needsDictionary()) {
                    throw new DamagedException("the gzip data is damaged");
                }
                in.mark(packed.length);
                filled = in.read(packed);
                if (filled < 0) {
                    throw endsTooEarly();
                }
                inflater.setInput(packed, 0, filled);
            }
        } catch (DataFormatException e) {
            throw new DamagedException("the gzip data is damaged", e);
        }
    }

    /** Reads a header; false if nothing but padding is left. */
    private boolean beginMember() throws IOException {
        int first = in.read();
        while (first == 0 && members > 0) {
            first = in.read();
        }
        if (first < 0 && members > 0) {
            return false;
        }
        if (first != FIRST_BYTE || in.read() != SECOND_BYTE || in.read() != DEFLATE) {
            throw new DamagedException(
                    members == 0 ? "it is no gzip data" : "what follows gzip member " + members + " is no gzip data");
        }
        int flags = required();
        skip(6); // time, extra flags, operating system
        if ((flags & EXTRA) != 0) {
            skip(required() | required() << 8);
        }
        for (int text : new int[] {NAME, COMMENT}) {
            while ((flags & text) != 0 && required() != 0) {}
        }
        skip((flags & HEADER_CHECKSUM) != 0 ? 2 : 0);
        inflater.reset();
        checksum.reset();
        members++;
        inside = true;
        return true;
    }

    private void endMember() throws IOException {
        // What was given to the inflater and not used belongs to what follows.
        in.reset();
        skip(filled - inflater.getRemaining());
        if (littleEndian() != checksum.getValue() || littleEndian() != (inflater.getBytesWritten() & 0xFFFFFFFFL)) {
            throw new DamagedException("the checksum of the gzip data is wrong");
        }
        inside = false;
    }

    private long littleEndian() throws IOException {
        long value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            value |= (long) required() << shift;
        }
        return value;
    }

    private void skip(int bytes) throws IOException {
        for (int i = 0; i < bytes; i++) {
            required();
        }
    }

    private int required() throws IOException {
        int value = in.read();
        if (value < 0) {
            throw endsTooEarly();
        }
        return value;
    }

    private static DamagedException endsTooEarly() {
        return new DamagedException("the gzip data ends too early");
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
