package io.bytelm.job;

import java.io.PrintStream;
import java.io.StringWriter;
import java.io.Writer;
import java.util.stream.Collectors;

/** Passes on what is written at once, and keeps it: warnings are read while a command goes on, an error when it has failed. */
final class HeardErrors extends Writer {
    private static final String WARNING = "bytelm: warning: ";

    private final PrintStream listener;
    private final StringWriter kept = new StringWriter();

    HeardErrors(PrintStream listener) {
        this.listener = listener;
    }

    @Override
    public void write(char[] text, int from, int length) {
        listener.append(new String(text, from, length));
        kept.write(text, from, length);
    }

    @Override
    public void flush() {
        listener.flush();
    }

    @Override
    public void close() {
        flush();
    }

    /** What was written but for warnings; empty if that is all. */
    String error() {
        return kept.toString()
                .lines()
                .filter(line -> !line.startsWith(WARNING))
                .collect(Collectors.joining("\n"))
                .strip();
    }
}
