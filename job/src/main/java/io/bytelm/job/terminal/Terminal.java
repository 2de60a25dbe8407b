package io.bytelm.job.terminal;

import java.io.PrintWriter;
import java.util.Locale;

/** Where a command writes, and what that place can show. Used by one thread. */
public final class Terminal {
    private static final int COLUMNS = 100;
    private static final String BACK_TO_START_AND_CLEAR = "\r\u001B[K";

    private final PrintWriter out;
    private final boolean colours;
    private final boolean live;

    /**
     * @param colours whether to write colours
     * @param live whether a line that was written can be replaced: somebody is looking
     */
    public Terminal(PrintWriter out, boolean colours, boolean live) {
        this.out = out;
        this.colours = colours;
        this.live = live;
    }

    /** How wide lines may be; the real width is not known to a Java program. */
    public int columns() {
        return COLUMNS;
    }

    public boolean colours() {
        return colours;
    }

    public boolean isLive() {
        return live;
    }

    public String styled(Style style, String text) {
        return colours && !text.isEmpty() ? style.on(text) : text;
    }

    /** One line. */
    public void line(String text) {
        out.println(text);
    }

    public void emptyLine() {
        out.println();
    }

    /** One line, as {@link String#format} with English conventions. */
    public void line(String format, Object... arguments) {
        out.println(String.format(Locale.ROOT, format, arguments));
    }

    /** Replaces the line that the last call of this method wrote; call only if {@link #isLive}. */
    void replaceLine(String text) {
        out.print(BACK_TO_START_AND_CLEAR + text);
        out.flush();
    }
}
