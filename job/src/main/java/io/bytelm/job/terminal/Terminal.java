package io.bytelm.job.terminal;

import java.io.PrintWriter;
import java.util.Locale;

/** Where a command writes, and what that place can show. Used by one thread. */
public final class Terminal {
    private static final String BACK_TO_START_AND_CLEAR = "\r\u001B[K";

    private final PrintWriter out;
    private final boolean colours;
    private final boolean live;
    private final int columns;
    private final ByteDecoder decoder = new ByteDecoder();

    /**
     * @param colours whether to write colours
     * @param live whether a line that was written can be replaced: somebody is looking
     * @param columns how wide lines may be
     */
    public Terminal(PrintWriter out, boolean colours, boolean live, int columns) {
        this.columns = columns;
        this.out = out;
        this.colours = colours;
        this.live = live;
    }

    /** How wide lines may be. */
    public int columns() {
        return columns;
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

    /** Bytes as they are, with no line end; styled as a whole, so pieces may end in the middle of a character. */
    public void bytes(byte[] bytes, Style style) {
        out.print(styled(style, decoder.next(bytes)));
        out.flush();
    }

    /** Replaces the line that the last call of this method wrote; call only if {@link #isLive}. */
    void replaceLine(String text) {
        out.print(BACK_TO_START_AND_CLEAR + text);
        out.flush();
    }
}
