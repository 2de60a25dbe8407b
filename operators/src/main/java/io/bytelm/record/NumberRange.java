package io.bytelm.record;

import java.math.BigDecimal;

/**
 * The numbers that a field allows. They are compared as they were written, digit by digit: what lies in the range is not
 * refused because the nearest double does not.
 */
enum NumberRange {
    NOT_NEGATIVE(0, true, Double.MAX_VALUE, true, "from 0 to " + Double.MAX_VALUE),
    ZERO_TO_ONE(0, true, 1, true, "from 0 to 1"),
    ABOVE_ZERO_TO_ONE(0, false, 1, true, "more than 0 and at most 1"),
    BELOW_ONE(0, true, 1, false, "of at least 0 and less than 1");

    private final double least;
    private final boolean includesLeast;
    private final double most;
    private final boolean includesMost;
    private final String words;

    NumberRange(double least, boolean includesLeast, double most, boolean includesMost, String words) {
        this.least = least;
        this.includesLeast = includesLeast;
        this.most = most;
        this.includesMost = includesMost;
        this.words = words;
    }

    /** Takes no longer for a large exponent: nothing is expanded. */
    boolean contains(BigDecimal number) {
        int beyondLeast = number.compareTo(new BigDecimal(least));
        int beyondMost = number.compareTo(new BigDecimal(most));
        return (includesLeast ? beyondLeast >= 0 : beyondLeast > 0)
                && (includesMost ? beyondMost <= 0 : beyondMost < 0);
    }

    /** The double of this range that is nearest to a number that it contains. */
    double nearest(BigDecimal number) {
        double smallest = includesLeast ? least : Math.nextUp(least);
        double greatest = includesMost ? most : Math.nextDown(most);
        return Math.max(smallest, Math.min(greatest, number.doubleValue()));
    }

    /** In words that stand after "a number". */
    @Override
    public String toString() {
        return words;
    }
}
