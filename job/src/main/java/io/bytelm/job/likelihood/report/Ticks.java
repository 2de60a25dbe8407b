package io.bytelm.job.likelihood.report;

import java.util.Locale;

/** Round numbers along an axis. */
final class Ticks {
    private Ticks() {}

    /** The distance of ticks, 1, 2 or 5 times a power of ten, so that about {@code wanted} of them fit. */
    static double step(double range, int wanted) {
        double rough = range / wanted;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        for (int factor : new int[] {1, 2, 5}) {
            if (factor * power >= rough) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    /** With as many decimals as the step needs. */
    static String label(double value, double step) {
        int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
        return String.format(Locale.ROOT, "%." + decimals + "f", value + 0.0); // -0.0 + 0.0 is 0.0
    }
}
