package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.Fingerprint;
import io.bytelm.constraint.automaton.ByteDfa;
import java.util.ArrayList;
import java.util.List;

/**
 * Arrays of scalars of which no two are equal: an item is known by its text, and each value has one text. What has come stays in a
 * register, as the keys of objects do. Immutable once built.
 */
public final class DistinctItems {
    final KeyClassProgram texts;
    private final long[] textsOfLength;
    private final int min;
    private final int comma;

    /**
     * @param texts of the items, strings with their quotes
     * @param min how many items there must be
     * @param comma bytes of what stands between two items
     */
    public DistinctItems(ByteDfa texts, int min, int comma, CompileBudget budget) {
        this.texts = new KeyClassProgram(texts, 0, budget);
        this.min = min;
        this.comma = comma;
        this.textsOfLength = min == 0 ? new long[0] : this.texts.countByLength(2L * min + 2, budget);
    }

    /** Whether there are so many values. */
    public boolean areEnough() {
        return texts.completions(0) >= min;
    }

    /** Whether another item than those that have come is there. */
    boolean hasAnother(SortedKeys used) {
        return texts.completions(0) > used.size();
    }

    /** The fewest bytes of the whole array; very many if there are not enough values. */
    public int fewestBytes() {
        return Fewest.sum(1, fewestFromOpen());
    }

    /** The fewest bytes after the opening bracket. */
    int fewestFromOpen() {
        int toClose = fewestToClose(SortedKeys.NONE);
        return min == 0 || toClose >= Cursor.VERY_MANY_BYTES ? toClose : toClose - comma;
    }

    /** The fewest bytes after these items. */
    int fewestToClose(SortedKeys used) {
        return Fewest.sum(1, sum(cheapest(used, min - used.size())));
    }

    /** What the items take that must come after one more. */
    CheapestKeys.AfterOne afterOneMore(SortedKeys used) {
        int entries = min - used.size() - 1;
        if (entries <= 0) {
            return CheapestKeys.AfterOne.NOTHING;
        }
        List<Integer> cheapest = cheapest(used, entries + 1);
        int next = cheapest.get(entries);
        return new CheapestKeys.AfterOne(
                sum(cheapest.subList(0, entries)), cheapest.get(0), cheapest.get(entries - 1), next);
    }

    private static int sum(List<Integer> costs) {
        int sum = 0;
        for (int cost : costs) {
            sum = Fewest.sum(sum, cost);
        }
        return sum;
    }

    /** What the cheapest items take that have not come, each with a comma; very many where there are not so many. */
    private List<Integer> cheapest(SortedKeys used, int wanted) {
        List<Integer> costs = new ArrayList<>();
        if (wanted <= 0) {
            return costs;
        }
        long[] left = textsOfLength.clone();
        for (int i = 0; i < used.size(); i++) {
            if (used.lengthOf(i) < left.length) {
                left[used.lengthOf(i)]--;
            }
        }
        for (int length = 0; length < left.length; length++) {
            for (long more = left[length]; more > 0 && costs.size() < wanted; more--) {
                costs.add(length + comma);
            }
        }
        while (costs.size() < wanted) {
            costs.add(Cursor.VERY_MANY_BYTES);
        }
        return costs;
    }

    /** What an item of so many bytes takes from the items that must come after it, beside what these take otherwise. */
    int dearness(CheapestKeys.AfterOne after, int bytes) {
        return after.bytes(bytes + comma) - after.sum();
    }

    void addTo(Fingerprint fingerprint) {
        fingerprint.add(-1).add(texts.keys.fingerprint());
    }
}
