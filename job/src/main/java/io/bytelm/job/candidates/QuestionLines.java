package io.bytelm.job.candidates;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The lines of a file, as bytes, but for blank ones. Read as they are asked for. */
final class QuestionLines implements Iterator<QuestionLines.Line> {
    /** @param number counted from 1 */
    record Line(long number, byte[] bytes) {}

    private final BufferedReader reader;
    private long read;
    private @Nullable Line next;

    /** @param reader of one character a byte; who opened it closes it */
    QuestionLines(BufferedReader reader) {
        this.reader = reader;
        this.next = read();
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public Line next() {
        Line line = next;
        if (line == null) {
            throw new NoSuchElementException("the file has no more lines");
        }
        next = read();
        return line;
    }

    private @Nullable Line read() {
        try {
            String line;
            while ((line = reader.readLine()) != null) {
                read++;
                if (!line.isBlank()) {
                    return new Line(read, line.getBytes(ISO_8859_1));
                }
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("line " + (read + 1) + " cannot be read: " + e.getMessage(), e);
        }
    }
}
