package io.bytelm.job.likelihood.report;

/** How many documents have how many bits per byte, in memory that does not grow with their number. */
public final class Histogram {
    /** Quantiles are exact to this many bits. */
    static final double RESOLUTION = 1.0 / 512;

    private static final double MOST_BITS = 64;

    private final long[] counts = new long[(int) (MOST_BITS / RESOLUTION)];
    private long total;
    private double least = Double.POSITIVE_INFINITY;
    private double most = Double.NEGATIVE_INFINITY;

    /** @param bitsPerByte what is beyond 64 counts as 64 */
    public void add(double bitsPerByte) {
        int bin = (int) Math.max(0, Math.min(counts.length - 1L, (long) (bitsPerByte / RESOLUTION)));
        counts[bin]++;
        total++;
        least = Math.min(least, bitsPerByte);
        most = Math.max(most, bitsPerByte);
    }

    public long total() {
        return total;
    }

    /** The value that a share of all documents does not exceed; NaN without documents. */
    public double quantile(double share) {
        if (total == 0) {
            return Double.NaN;
        }
        long wanted = Math.max(1, (long) Math.ceil(share * total));
        long seen = 0;
        for (int bin = 0; bin < counts.length; bin++) {
            seen += counts[bin];
            if (seen >= wanted) {
                return Math.max(least, Math.min(most, (bin + 0.5) * RESOLUTION));
            }
        }
        return most;
    }

    /** {@code [bars]}: how many documents are in each of equally wide bars; what is outside is in the outer ones. */
    long[] bars(double from, double to, int bars) {
        long[] found = new long[bars];
        for (int bin = 0; bin < counts.length; bin++) {
            double middle = (bin + 0.5) * RESOLUTION;
            int bar = (int) Math.floor((middle - from) / (to - from) * bars);
            found[Math.max(0, Math.min(bars - 1, bar))] += counts[bin];
        }
        return found;
    }
}
