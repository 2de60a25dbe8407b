package io.bytelm.job.terminal;

/** A horizontal bar, exact to an eighth of a column. */
public final class Bar {
    private static final String EIGHTHS = " ▏▎▍▌▋▊▉";
    private static final char FULL = '█';

    private Bar() {}

    /**
     * @param share 0 to 1; what is outside is cut off
     * @param columns the width of a share of 1
     * @return without blanks at its end
     */
    public static String of(double share, int columns) {
        long eighths = Math.round(Math.max(0, Math.min(1, share)) * columns * 8);
        String full = String.valueOf(FULL).repeat((int) (eighths / 8));
        return eighths % 8 == 0 ? full : full + EIGHTHS.charAt((int) (eighths % 8));
    }
}
