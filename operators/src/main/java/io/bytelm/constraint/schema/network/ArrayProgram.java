package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.Fingerprint;
import org.jspecify.annotations.Nullable;

/**
 * Arrays by the place of their items.
 *
 * @param prefix indices of the first items' values
 * @param rest index of the values of all others; unused if {@code max} does not reach so far
 * @param contains a condition on how many items are in a set
 * @param fewestFrom {@code [max(min, prefix) + 1]} bytes that items from an index up to {@code min} take, with a comma each
 */
public record ArrayProgram(
        int[] prefix, int rest, int min, int max, @Nullable ContainsProgram contains, int[] fewestFrom) {
    int item(int index) {
        return index < prefix.length ? prefix[index] : rest;
    }

    /** The fewest bytes after so many items, to the closing bracket. */
    int fewestAfter(int count) {
        return 1 + (count < fewestFrom.length ? fewestFrom[count] : 0);
    }

    /** The fewest bytes after the opening bracket. */
    int fewestToOpen() {
        return min == 0 ? 1 : fewestAfter(0) - 1;
    }

    /** Arrays whose items are counted. */
    public static ArrayProgram of(ContainsProgram contains, int min, int max) {
        return new ArrayProgram(new int[0], 0, min, max, contains, new int[0]);
    }

    /** @param fewestOfItem {@code [min]} the fewest bytes of each required item */
    public static ArrayProgram of(int[] prefix, int rest, int max, int[] fewestOfItem) {
        int[] fewestFrom = new int[fewestOfItem.length + 1];
        for (int i = fewestOfItem.length - 1; i >= 0; i--) {
            fewestFrom[i] = Math.min(Cursor.VERY_MANY_BYTES, fewestFrom[i + 1] + fewestOfItem[i] + 1);
        }
        return new ArrayProgram(prefix, rest, fewestOfItem.length, max, null, fewestFrom);
    }

    void addTo(Fingerprint fingerprint) {
        for (int item : prefix) {
            fingerprint.add(item);
        }
        fingerprint.add(rest).add(min).add(max);
        if (contains != null) {
            contains.addTo(fingerprint);
        }
    }
}
