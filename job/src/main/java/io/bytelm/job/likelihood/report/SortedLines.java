package io.bytelm.job.likelihood.report;

import io.bytelm.job.likelihood.scoring.RowLine;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The lines that a job wrote, in the order of their keys, however many there are: an external merge sort. Used by one
 * thread.
 */
public final class SortedLines implements Closeable {
    /** How much is sorted in memory at once; a character takes one or two bytes. */
    private static final int RUN_CHARS = 32 << 20;

    private final Path temporary;
    private final int runChars;
    private final List<BufferedReader> readers = new ArrayList<>();
    private final PriorityQueue<Head> heads = new PriorityQueue<>(Comparator.comparing(Head::key));
    private int runs;

    private record Head(Line line, @Nullable BufferedReader rest) {
        String key() {
            return line.key();
        }
    }

    /**
     * A line in two.
     *
     * @param key what lines are sorted by
     * @param row JSON
     */
    public record Line(String key, String row) {
        static Line of(String text) {
            int start = RowLine.rowStart(text);
            return new Line(text.substring(0, start), text.substring(start));
        }
    }

    /**
     * Reads all lines.
     *
     * @param temporary a directory of this machine for sorted runs
     */
    public static SortedLines of(List<org.apache.flink.core.fs.Path> files, Path temporary) throws IOException {
        return of(files, temporary, RUN_CHARS);
    }

    static SortedLines of(List<org.apache.flink.core.fs.Path> files, Path temporary, int runChars) throws IOException {
        SortedLines sorted = new SortedLines(temporary, runChars);
        try {
            sorted.readAll(files);
        } catch (IOException | RuntimeException e) {
            sorted.close();
            throw e;
        }
        return sorted;
    }

    private SortedLines(Path temporary, int runChars) {
        this.temporary = temporary;
        this.runChars = runChars;
    }

    private void readAll(List<org.apache.flink.core.fs.Path> files) throws IOException {
        List<Line> run = new ArrayList<>();
        long chars = 0;
        for (org.apache.flink.core.fs.Path file : files) {
            try (BufferedReader in = new BufferedReader(
                    new InputStreamReader(file.getFileSystem().open(file), StandardCharsets.UTF_8))) {
                for (String text = in.readLine(); text != null; text = in.readLine()) {
                    run.add(Line.of(text));
                    chars += text.length();
                    if (chars > runChars) {
                        spill(run);
                        run.clear();
                        chars = 0;
                    }
                }
            }
        }
        // The last run is small enough to stay in memory, as a run of one line each.
        run.forEach(line -> heads.add(new Head(line, null)));
    }

    private void spill(List<Line> run) throws IOException {
        Path file = temporary.resolve("run-" + System.identityHashCode(this) + "-" + runs++);
        run.sort(Comparator.comparing(Line::key));
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (Line line : run) {
                out.write(line.key());
                out.write(line.row());
                out.write('\n');
            }
        }
        BufferedReader reader = Files.newBufferedReader(file);
        Files.delete(file); // what is left of it can be read until the reader is closed, and no longer
        readers.add(reader);
        pushNextOf(reader);
    }

    private void pushNextOf(@Nullable BufferedReader reader) throws IOException {
        String text = reader == null ? null : reader.readLine();
        if (text != null) {
            heads.add(new Head(Line.of(text), reader));
        }
    }

    /** @return null at the end */
    public @Nullable Line next() throws IOException {
        Head first = heads.poll();
        if (first == null) {
            return null;
        }
        pushNextOf(first.rest);
        return first.line;
    }

    @Override
    public void close() throws IOException {
        for (BufferedReader reader : readers) {
            reader.close();
        }
    }
}
