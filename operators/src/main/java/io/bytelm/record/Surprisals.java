package io.bytelm.record;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The surprisal of a session's last bytes beside that of its own past. A text is a row of windows of so many bytes; the mean
 * surprisal of the last so many bytes is compared with the means of the windows that had ended before these bytes began.
 * Mean and deviation of those are updated as Welford has it ("Note on a Method for Calculating Corrected Sums of Squares and
 * Products", Technometrics 1962). What has been read byte after byte decides it alone. Immutable.
 *
 * @param bytes how many bytes have been read
 * @param recent {@code [windowBytes]}: the surprisals (bits) of the last bytes, that of the byte with the number n at n modulo
 *     their count; not to be changed
 * @param lastWindow the mean (bits a byte) of the window that has ended last, which still overlaps the last bytes; NaN before the first
 * @param windows how many windows had ended before that one
 * @param mean of those (bits a byte)
 * @param squares the sum of the squares of their differences from it
 */
public record Surprisals(long bytes, double[] recent, double lastWindow, long windows, double mean, double squares) {
    /** The longest window; a session keeps a number for each of its bytes. */
    public static final int MOST_WINDOW_BYTES = 4096;

    /** Fewer windows say nothing of what is usual. */
    public static final int LEAST_WINDOWS = 8;

    /** Windows that differ by less (bits a byte) differ by what arithmetic leaves, not by what they say. */
    private static final double LEAST_DEVIATION = 1e-6;

    /** Before the first byte. */
    public static Surprisals of(int windowBytes) {
        return new Surprisals(0, new double[windowBytes], Double.NaN, 0, 0, 0);
    }

    /** After one more byte, of this surprisal (bits). */
    public Surprisals plus(double bits) {
        double[] next = recent.clone();
        next[(int) (bytes % recent.length)] = bits;
        long read = bytes + 1;
        if (read % recent.length != 0) {
            return new Surprisals(read, next, lastWindow, windows, mean, squares);
        }
        double ended = meanOf(next);
        if (Double.isNaN(lastWindow)) {
            return new Surprisals(read, next, ended, 0, 0, 0);
        }
        double difference = lastWindow - mean;
        double newMean = mean + difference / (windows + 1);
        double newSquares = squares + difference * (lastWindow - newMean);
        return new Surprisals(read, next, ended, windows + 1, newMean, newSquares);
    }

    private static double meanOf(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    /** The mean surprisal of the last bytes (bits a byte); null before there are as many as the window has. */
    public @Nullable Double windowBitsPerByte() {
        return bytes < recent.length ? null : Double.valueOf(meanOf(recent));
    }

    /** As in {@link Anomaly#z}. */
    public @Nullable Double z() {
        Double now = windowBitsPerByte();
        double deviation = Math.sqrt(squares / (windows - 1));
        if (now == null || windows < LEAST_WINDOWS || deviation < LEAST_DEVIATION) {
            return null;
        }
        double z = (now - mean) / deviation;
        return Double.isFinite(z) ? Double.valueOf(z) : null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Surprisals that
                && bytes == that.bytes
                && Arrays.equals(recent, that.recent)
                && Double.compare(lastWindow, that.lastWindow) == 0
                && windows == that.windows
                && Double.compare(mean, that.mean) == 0
                && Double.compare(squares, that.squares) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(bytes, Arrays.hashCode(recent), windows, mean, squares);
    }
}
