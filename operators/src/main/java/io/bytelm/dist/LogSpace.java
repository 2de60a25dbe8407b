package io.bytelm.dist;

/** Arithmetic on natural logarithms of non-negative numbers; {@code -Infinity} stands for zero. */
public final class LogSpace {
    private LogSpace() {}

    /** {@code log(exp(a) + exp(b))} without overflow. */
    public static double logAdd(double a, double b) {
        if (a < b) {
            return logAdd(b, a);
        }
        return b == Double.NEGATIVE_INFINITY ? a : a + Math.log1p(Math.exp(b - a));
    }

    /** {@code log(sum(exp(values)))} without overflow; {@code -Infinity} for no values. */
    public static double logSumExp(double... values) {
        double max = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            max = Math.max(max, value);
        }
        if (max == Double.NEGATIVE_INFINITY) {
            return max;
        }
        double sum = 0;
        for (double value : values) {
            sum += Math.exp(value - max);
        }
        return max + Math.log(sum);
    }

    /** {@code log(exp(a) / exp(b))}, where nothing divided by anything, even by nothing, is nothing. */
    public static double logDivide(double a, double b) {
        return a == Double.NEGATIVE_INFINITY ? a : a - b;
    }
}
