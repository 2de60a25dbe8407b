package io.bytelm.job.terminal;

import java.util.concurrent.TimeUnit;

/** Shows how far a piece of work is: one line that moves, or a line now and then where lines cannot be replaced. */
public final class ProgressBar {
    private static final int COLUMNS = 24;
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Terminal terminal;
    private final long total;
    private long shownNanos = System.nanoTime();

    /** @param total what {@link #show} counts up to */
    public ProgressBar(Terminal terminal, long total) {
        this.terminal = terminal;
        this.total = total;
    }

    /** @param note stands behind the bar */
    public void show(long done, String note) {
        double share = total == 0 ? 1 : (double) done / total;
        String percent = "%3d %%".formatted(Math.round(Math.floor(100 * share)));
        if (terminal.isLive()) {
            String bar = Bar.of(share, COLUMNS);
            String rest = "░".repeat(COLUMNS - bar.length());
            terminal.replaceLine("  " + terminal.styled(Style.CYAN, bar) + terminal.styled(Style.DIM, rest) + " "
                    + percent + "  " + note);
        } else if (System.nanoTime() - shownNanos > QUIET_NANOS || done == total) {
            shownNanos = System.nanoTime();
            terminal.line("  " + percent + "  " + note);
        }
    }

    /** Leaves the last state on the screen. */
    public void finish() {
        if (terminal.isLive()) {
            terminal.emptyLine();
        }
    }
}
