package io.bytelm.job.likelihood.document;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.util.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a file as they are stored. A read that fails is made again, from the same place of the file opened anew;
 * no more is read than the file had when the run began. Throws no {@link IOException}.
 */
final class SourceInput extends InputStream {
    private final SourceFile file;
    private final byte[] one = new byte[1];
    private @Nullable FSDataInputStream opened;
    private long position;

    SourceInput(SourceFile file) {
        this.file = file;
    }

    /** How many bytes stand before the next one. */
    long position() {
        return position;
    }

    void seek(long newPosition) {
        if (newPosition != position) {
            closeQuietly();
            position = newPosition;
        }
    }

    @Override
    public int read() {
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        long left = file.length() - position;
        if (length == 0 || left <= 0) {
            return length == 0 ? 0 : -1;
        }
        int most = (int) Math.min(length, left);
        int read = file.patiently(() -> readOnce(bytes, offset, most), this::closeQuietly);
        position += read;
        return read;
    }

    private int readOnce(byte[] bytes, int offset, int length) throws IOException {
        FSDataInputStream in = opened;
        if (in == null) {
            in = file.openOnce();
            opened = in;
            in.seek(position);
        }
        int read = in.read(bytes, offset, length);
        if (read <= 0) {
            file.requireSound(); // a shorter file is another one
            throw new EOFException("it ends after " + position + " of " + file.length() + " bytes");
        }
        return read;
    }

    /** All that is left: what asks whether a file goes on is told the truth. */
    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(0, file.length() - position));
    }

    private void closeQuietly() {
        IOUtils.closeQuietly(opened);
        opened = null;
    }

    @Override
    public void close() {
        closeQuietly();
    }
}
