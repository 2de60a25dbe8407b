package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Fingerprint;
import org.jspecify.annotations.Nullable;

/**
 * Arrays by the place of their items.
 *
 * @param prefix indices of the first items' values
 * @param rest index of the values of all others; unused if {@code max} does not reach so far
 * @param contains a condition on how many items are in a set
 * @param fewestFrom {@code [min(min, prefix) + 1]} bytes that items from an index up to {@code min} take, with a comma each
 * @param fewestOfRest bytes of an item after the prefix, with a comma
 * @param comma bytes of what stands between two items
 * @param distinct what the items are if no two may be equal; {@code rest} then only tells this array's items from other values
 */
public record ArrayProgram(
        int[] prefix,
        int rest,
        int min,
        int max,
        @Nullable ContainsProgram contains,
        int[] fewestFrom,
        int fewestOfRest,
        int comma,
        @Nullable DistinctItems distinct) {
    int item(int index) {
        return index < prefix.length ? prefix[index] : rest;
    }

    /** The fewest bytes after so many items, to the closing bracket. */
    int fewestAfter(int count) {
        return Fewest.sum(1, count < fewestFrom.length ? fewestFrom[count] : Fewest.product(min - count, fewestOfRest));
    }

    /** The fewest bytes after the opening bracket. */
    int fewestToOpen() {
        return min == 0 ? 1 : fewestAfter(0) - comma;
    }

    /** The shortest array. */
    int fewestBytes() {
        if (distinct != null) {
            return distinct.fewestBytes();
        }
        return contains == null ? Fewest.sum(1, fewestToOpen()) : contains.fewestBytes();
    }

    /**
     * Arrays without two equal items.
     *
     * @param items a number that is no index of a value
     */
    public static ArrayProgram of(DistinctItems distinct, int items, int min, int max, int comma) {
        return new ArrayProgram(new int[0], items, min, max, null, new int[0], 0, comma, distinct);
    }

    /** Arrays whose items are counted. */
    public static ArrayProgram of(ContainsProgram contains, int min, int max, int comma) {
        return new ArrayProgram(new int[0], 0, min, max, contains, new int[0], 0, comma, null);
    }

    /**
     * Arrays whose items are not counted.
     *
     * @param fewestOfItem {@code [min(min, prefix)]} the fewest bytes of each required item of the prefix
     * @param fewestOfRest the fewest bytes of the items after it
     * @param comma bytes of what stands between two items
     */
    public static ArrayProgram of(
            int[] prefix, int rest, int min, int max, int[] fewestOfItem, int fewestOfRest, int comma) {
        int[] fewestFrom = new int[fewestOfItem.length + 1];
        int withComma = Fewest.sum(fewestOfRest, comma);
        fewestFrom[fewestOfItem.length] = Fewest.product(min - fewestOfItem.length, withComma);
        for (int i = fewestOfItem.length - 1; i >= 0; i--) {
            fewestFrom[i] = Fewest.sum(fewestFrom[i + 1], Fewest.sum(fewestOfItem[i], comma));
        }
        return new ArrayProgram(prefix, rest, min, max, null, fewestFrom, withComma, comma, null);
    }

    void addTo(Fingerprint fingerprint) {
        for (int item : prefix) {
            fingerprint.add(item);
        }
        fingerprint.add(rest).add(min).add(max);
        if (contains != null) {
            contains.addTo(fingerprint);
        }
        if (distinct != null) {
            distinct.addTo(fingerprint);
        }
    }
}
