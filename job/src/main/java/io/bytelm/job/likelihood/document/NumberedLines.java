package io.bytelm.job.likelihood.document;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file, or those that begin in a part of it, with their numbers in the whole file. To know the number of
 * its first line, a part reads all that stands before it: next to the time that scoring takes this is nothing.
 */
final class NumberedLines implements Closeable {
    private static final int SKIP_BUFFER_BYTES = 1 << 16;

    /**
     * @param number from 1
     * @param inputBytes how many bytes of the file it stands for
     */
    record Numbered(Lines.Line line, long number, long inputBytes) {}

    private final OpenedFile file;
    private final Lines lines;
    private final boolean compressed;
    private final long endOfPart;
    private long at;
    private long number;
    private long told;

    private NumberedLines(OpenedFile opened, SourceFile file, int maxBytes) throws IOException {
        FileSourceSplit part = file.part();
        this.file = opened;
        this.compressed = Compression.of(part.path().getName()) != Compression.NONE;
        this.endOfPart = compressed ? Long.MAX_VALUE : part.offset() + part.length();
        PushbackInputStream in = new PushbackInputStream(opened.content(), SKIP_BUFFER_BYTES);
        if (skipTo(part.offset(), in)) {
            skipRestOfLine(in);
        }
        this.lines = new Lines(in, maxBytes);
        told = compressed ? 0 : at;
    }

    static NumberedLines open(SourceFile file, DocumentSettings settings, int maxBytes) throws IOException {
        OpenedFile opened = OpenedFile.open(file, settings);
        try {
            return new NumberedLines(opened, file, maxBytes);
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** Counts the lines before an offset; true if a line that began there goes on. */
    private boolean skipTo(long offset, InputStream in) throws IOException {
        byte[] buffer = new byte[SKIP_BUFFER_BYTES];
        boolean inside = false;
        while (at < offset) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, offset - at));
            if (read < 0) {
                return false;
            }
            for (int i = 0; i < read; i++) {
                number += buffer[i] == '\n' ? 1 : 0;
            }
            inside = buffer[read - 1] != '\n';
            at += read;
        }
        return inside;
    }

    /** Up to the part's end at most: of a very long line only the part where it begins reads more. */
    private void skipRestOfLine(PushbackInputStream in) throws IOException {
        byte[] buffer = new byte[SKIP_BUFFER_BYTES];
        for (int read = in.read(buffer); read >= 0 && at < endOfPart; read = in.read(buffer)) {
            int rest = 0;
            while (rest < read && buffer[rest] != '\n') {
                rest++;
            }
            if (rest < read) {
                in.unread(buffer, rest + 1, read - rest - 1);
                at += rest + 1;
                number++;
                return;
            }
            at += read;
        }
    }

    /**
     * @return null at the end
     * @throws IOException if the file breaks
     */
    @Nullable
    Numbered next() throws IOException {
        if (at >= endOfPart) {
            return null;
        }
        Lines.Line line = lines.next();
        if (line == null) {
            return null;
        }
        at += line.withEnd();
        long now = compressed ? file.readBytes() : at;
        Numbered numbered = new Numbered(line, ++number, now - told);
        told = now;
        return numbered;
    }

    /** The number of the line that was read last. */
    long number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
