package io.bytelm.job.likelihood.document;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a stream as bytes. Memory is bounded by the limit on a line, whatever is in the stream: what is longer is
 * counted and forgotten.
 */
final class Lines implements Closeable {
    private static final int BUFFER_BYTES = 1 << 16;

    /**
     * A line.
     *
     * @param bytes without the line's end (LF, or CR LF); cut off after the limit
     * @param length the true length in bytes, without the line's end
     * @param withEnd the bytes that it takes up in the stream
     */
    record Line(byte[] bytes, long length, long withEnd) {}

    private final InputStream in;
    private final int maxBytes;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int end;
    private byte[] line = new byte[256];

    Lines(InputStream in, int maxBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
    }

    /**
     * @return null at the stream's end
     * @throws IOException if the stream breaks; a line that was not read to its end is lost
     */
    @Nullable
    Line next() throws IOException {
        long length = 0;
        while (at < end || fill()) {
            int newline = indexOfNewline();
            length = append(newline, length);
            if (newline < end) {
                at = newline + 1;
                return line(length, 1);
            }
            at = end;
        }
        return length == 0 ? null : line(length, 0);
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }

    private int indexOfNewline() {
        int i = at;
        while (i < end && buffer[i] != '\n') {
            i++;
        }
        return i;
    }

    /** Adds what is in the buffer up to an index, as far as the limit allows; returns the new length. */
    private long append(int until, long length) {
        int count = until - at;
        int kept = (int) Math.max(0, Math.min(count, maxBytes + 1L - length)); // one more: a CR may be the last
        if (kept > 0) {
            int needed = (int) length + kept;
            if (needed > line.length) {
                line = Arrays.copyOf(line, (int) Math.min(Math.max(needed, 2L * line.length), maxBytes + 1L));
            }
            System.arraycopy(buffer, at, line, (int) length, kept);
        }
        return length + count;
    }

    private Line line(long lengthWithCr, int newline) {
        boolean cr = newline == 1
                && lengthWithCr > 0
                && lengthWithCr <= maxBytes + 1L
                && line[(int) lengthWithCr - 1] == '\r';
        long length = cr ? lengthWithCr - 1 : lengthWithCr;
        byte[] bytes = Arrays.copyOf(line, (int) Math.min(length, maxBytes));
        shrinkAfterLong();
        return new Line(bytes, length, lengthWithCr + newline);
    }

    /** One very long line does not keep its memory for all that follow. */
    private void shrinkAfterLong() {
        if (line.length > BUFFER_BYTES) {
            line = new byte[256];
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
