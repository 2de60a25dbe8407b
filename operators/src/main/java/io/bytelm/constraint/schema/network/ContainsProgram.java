package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.Fingerprint;
import java.util.Arrays;

/**
 * How many items of an array are in a set, for a register that counts them. An item is read as two values side by side:
 * one that is in the set, and one that need not be, or must not be where there is an upper limit. Immutable once built.
 */
public final class ContainsProgram {
    /** No value of this kind exists. */
    public static final int NONE = -1;

    private final int[] matching;
    private final int[] other;
    private final int least;
    private final int most;
    private final int minItems;
    private final int maxItems;
    private final int comma;
    private final int[] fewestMatching;
    private final int[] fewestOther;
    /** {@code [items][matches]} the fewest bytes after an item; the last item means "or more", the last match too. */
    private final int[][] fewest;

    /**
     * @param matching {@code [items]} indices of the values in the set, for the last item and all after it the same
     * @param other {@code [items]} indices of the values that do not count
     * @param fewestMatching {@code [items]} their fewest bytes; for {@link #NONE} very many
     * @param least how many must be in the set
     * @param most how many may be, {@link Integer#MAX_VALUE} for no limit
     * @param comma bytes of what stands between two items
     */
    public ContainsProgram(
            int[] matching,
            int[] other,
            int[] fewestMatching,
            int[] fewestOther,
            int least,
            int most,
            int minItems,
            int maxItems,
            int comma) {
        this.matching = matching;
        this.other = other;
        this.fewestMatching = fewestMatching;
        this.fewestOther = fewestOther;
        this.least = least;
        this.most = most;
        this.minItems = minItems;
        this.maxItems = maxItems;
        this.comma = comma;
        int lastItem = maxItems == Integer.MAX_VALUE ? Math.max(matching.length, minItems) : maxItems;
        int lastMatch = most == Integer.MAX_VALUE ? least : most;
        fewest = new int[lastItem + 1][lastMatch + 1];
        for (int items = lastItem; items >= 0; items--) {
            for (int matches = lastMatch; matches >= 0; matches--) {
                fewest[items][matches] = fewestToClose(items, matches);
            }
        }
    }

    /** How many numbers the table of such a program has. */
    public static long entries(int places, int least, int most, int minItems, int maxItems) {
        long items = maxItems == Integer.MAX_VALUE ? Math.max(places, minItems) : maxItems;
        return (items + 1) * ((most == Integer.MAX_VALUE ? least : most) + 1L);
    }

    private int fewestToClose(int items, int matches) {
        int best = canClose(items, matches) ? 1 : Cursor.VERY_MANY_BYTES;
        fewest[items][matches] = best; // what stays in the same place comes back to it
        if (items < maxItems) {
            best = Math.min(best, fewestWith(fewestMatching, items, matches, 1));
            best = Math.min(best, fewestWith(fewestOther, items, matches, 0));
        }
        return best;
    }

    private int fewestWith(int[] fewestOfItem, int items, int matches, int more) {
        if (more > most - matches) {
            return Cursor.VERY_MANY_BYTES;
        }
        int item = Fewest.sum(comma, fewestOfItem[place(items)]);
        return Fewest.sum(item, fewestAfter(items + 1, matches + more));
    }

    private int place(int item) {
        return Math.min(item, matching.length - 1);
    }

    boolean canClose(int items, int matches) {
        return items >= minItems && matches >= least;
    }

    /** The fewest bytes after so many items; {@link Cursor#VERY_MANY_BYTES} if they cannot be completed. */
    int fewestAfter(int items, int matches) {
        int[] row = fewest[Math.min(items, fewest.length - 1)];
        return row[Math.min(matches, row.length - 1)];
    }

    /** The fewest bytes of the whole array. */
    public int fewestBytes() {
        int inside = canClose(0, 0) ? 1 : Cursor.VERY_MANY_BYTES;
        if (maxItems > 0) {
            inside = Math.min(inside, fewestWith(fewestMatching, 0, 0, 1) - comma);
            inside = Math.min(inside, fewestWith(fewestOther, 0, 0, 0) - comma);
        }
        return inside >= Cursor.VERY_MANY_BYTES - comma ? Cursor.VERY_MANY_BYTES : Fewest.sum(1, inside);
    }

    /** The value of the next item if it is in the set, or NONE. */
    int matchingItem(int items, int matches) {
        boolean may = items < maxItems && matches < most;
        int value = may ? matching[place(items)] : NONE;
        return value != NONE && fewestAfter(items + 1, matches + 1) < Cursor.VERY_MANY_BYTES ? value : NONE;
    }

    /** The value of the next item if it need not be in the set, or NONE. */
    int otherItem(int items, int matches) {
        int value = items < maxItems ? other[place(items)] : NONE;
        return value != NONE && fewestAfter(items + 1, matches) < Cursor.VERY_MANY_BYTES ? value : NONE;
    }

    /** Matches after one more, as far as they are counted. */
    int countUp(int matches) {
        return Math.min(matches + 1, fewest[0].length - 1);
    }

    void addTo(Fingerprint fingerprint) {
        Arrays.stream(matching).forEach(fingerprint::add);
        Arrays.stream(other).forEach(fingerprint::add);
        fingerprint.add(least).add(most);
    }
}
