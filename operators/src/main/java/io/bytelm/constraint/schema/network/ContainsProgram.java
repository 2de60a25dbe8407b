package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.Fingerprint;
import java.util.Arrays;

/**
 * How many items of an array are in some sets, for a register that counts them. An item is read as several values side by side, one for
 * each choice of the sets that it is in; in the others it need not be, or must not be where there is an upper limit. A choice is a set of
 * bits; the counts are digits of one number. Immutable once built.
 */
public final class ContainsProgram {
    /** No value of this kind exists. */
    public static final int NONE = -1;

    private final int[][] values;
    private final int[] least;
    private final int[] most;
    private final int minItems;
    private final int maxItems;
    private final int comma;
    private final int[][] fewestOfValue;
    private final int[] radix;
    /** {@code [items][counts]} the fewest bytes after an item; the last item means "or more", the last count too. */
    private final int[][] fewest;

    /**
     * @param values {@code [choices][items]} indices of the values of each choice of sets, for the last item and all after it the same
     * @param fewestOfValue {@code [choices][items]} their fewest bytes; for {@link #NONE} very many
     * @param least {@code [sets]} how many must be in the set
     * @param most {@code [sets]} how many may be, {@link Integer#MAX_VALUE} for no limit
     * @param comma bytes of what stands between two items
     */
    public ContainsProgram(
            int[][] values, int[][] fewestOfValue, int[] least, int[] most, int minItems, int maxItems, int comma) {
        this.values = values;
        this.fewestOfValue = fewestOfValue;
        this.least = least;
        this.most = most;
        this.minItems = minItems;
        this.maxItems = maxItems;
        this.comma = comma;
        this.radix = radix(least, most);
        int lastItem = maxItems == Integer.MAX_VALUE ? Math.max(values[0].length, minItems) : maxItems;
        fewest = new int[lastItem + 1][Arrays.stream(radix).reduce(1, (a, b) -> a * b)];
        for (int items = lastItem; items >= 0; items--) {
            for (int counts = fewest[items].length - 1; counts >= 0; counts--) {
                fewest[items][counts] = canClose(items, counts) ? 1 : Cursor.VERY_MANY_BYTES;
                // what stays in the same place comes back to it, and is not shorter
                fewest[items][counts] = Math.min(fewest[items][counts], fewestWithAnother(items, counts));
            }
        }
    }

    private static int[] radix(int[] least, int[] most) {
        int[] radix = new int[least.length];
        for (int set = 0; set < radix.length; set++) {
            radix[set] = (most[set] == Integer.MAX_VALUE ? least[set] : most[set]) + 1;
        }
        return radix;
    }

    /** How many numbers the table of such a program has, at most; more than an int where it is too large anyway. */
    public static long entries(int places, int[] least, int[] most, int minItems, int maxItems) {
        long entries = 1L + (maxItems == Integer.MAX_VALUE ? Math.max(places, minItems) : maxItems);
        for (int set = 0; set < least.length && entries <= Integer.MAX_VALUE; set++) {
            entries *= (most[set] == Integer.MAX_VALUE ? least[set] : most[set]) + 1L;
        }
        return entries;
    }

    /** The fewest bytes with one more item and the comma before it. */
    private int fewestWithAnother(int items, int counts) {
        int best = Cursor.VERY_MANY_BYTES;
        for (int choice = 0; choice < values.length && items < maxItems; choice++) {
            if (isAllowed(counts, choice)) {
                int item = Fewest.sum(comma, fewestOfValue[choice][place(items)]);
                best = Math.min(best, Fewest.sum(item, fewestAfter(items + 1, countUp(counts, choice))));
            }
        }
        return best;
    }

    private int place(int item) {
        return Math.min(item, values[0].length - 1);
    }

    private boolean isAllowed(int counts, int choice) {
        int rest = counts;
        for (int set = 0; set < radix.length; set++) {
            if ((choice >> set & 1) != 0 && rest % radix[set] == most[set]) {
                return false;
            }
            rest /= radix[set];
        }
        return true;
    }

    boolean canClose(int items, int counts) {
        int rest = counts;
        boolean enough = items >= minItems;
        for (int set = 0; set < radix.length; set++) {
            enough &= rest % radix[set] >= least[set];
            rest /= radix[set];
        }
        return enough;
    }

    /** The fewest bytes after so many items; {@link Cursor#VERY_MANY_BYTES} if they cannot be completed. */
    int fewestAfter(int items, int counts) {
        return fewest[Math.min(items, fewest.length - 1)][counts];
    }

    /** The fewest bytes of the whole array. */
    public int fewestBytes() {
        int another = fewestWithAnother(0, 0);
        int inside = another >= Cursor.VERY_MANY_BYTES ? another : another - comma;
        return Fewest.sum(1, canClose(0, 0) ? 1 : inside);
    }

    /** How many choices of sets there are. */
    int choices() {
        return values.length;
    }

    /** The value of the next item if it is in these sets, or NONE. */
    int item(int items, int counts, int choice) {
        int value = items < maxItems && isAllowed(counts, choice) ? values[choice][place(items)] : NONE;
        boolean goesOn = value != NONE && fewestAfter(items + 1, countUp(counts, choice)) < Cursor.VERY_MANY_BYTES;
        return goesOn ? value : NONE;
    }

    /** The counts after an item in these sets, as far as they are counted. */
    int countUp(int counts, int choice) {
        int next = counts;
        int rest = counts;
        int unit = 1;
        for (int set = 0; set < radix.length; set++) {
            if ((choice >> set & 1) != 0 && rest % radix[set] < radix[set] - 1) {
                next += unit;
            }
            rest /= radix[set];
            unit *= radix[set];
        }
        return next;
    }

    void addTo(Fingerprint fingerprint) {
        for (int choice = values.length - 1; choice >= 0; choice--) {
            Arrays.stream(values[choice]).forEach(fingerprint::add);
        }
        for (int set = 0; set < least.length; set++) {
            fingerprint.add(least[set]).add(most[set]);
        }
    }
}
