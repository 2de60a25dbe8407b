package io.bytelm.constraint.automaton;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** A set of Unicode code points (0 to 0x10FFFF) as ascending ranges that do not touch. Immutable. */
public final class CodePointSet {
    public static final CodePointSet NONE = new CodePointSet(new int[0]);
    public static final CodePointSet ALL = range(0, Character.MAX_CODE_POINT);
    /** The code points that UTF-8 can encode: all but the surrogates. */
    public static final CodePointSet SCALARS = ALL.minus(range(Character.MIN_SURROGATE, Character.MAX_SURROGATE));

    private final int[] bounds;

    /** @param bounds first and last of each range */
    private CodePointSet(int[] bounds) {
        this.bounds = bounds;
    }

    /** All code points from {@code first} to {@code last}, both included. */
    public static CodePointSet range(int first, int last) {
        return new CodePointSet(new int[] {first, last});
    }

    public static CodePointSet of(int... codePoints) {
        IntList bounds = new IntList();
        for (int c : codePoints) {
            bounds.add(c);
            bounds.add(c);
        }
        return ofBounds(bounds.toArray());
    }

    /**
     * The code points by the number that each is given, which is asked for once.
     *
     * @param count numbers are 0 to {@code count - 1}
     * @return {@code [count]} the set of each number
     */
    public static CodePointSet[] partition(int count, IntUnaryOperator numberOf) {
        IntList[] bounds = new IntList[count];
        Arrays.setAll(bounds, i -> new IntList());
        int from = 0;
        int number = numberOf.applyAsInt(0);
        for (int c = 1; c <= Character.MAX_CODE_POINT + 1; c++) {
            int next = c > Character.MAX_CODE_POINT ? -1 : numberOf.applyAsInt(c);
            if (next != number) {
                bounds[number].add(from);
                bounds[number].add(c - 1);
                from = c;
                number = next;
            }
        }
        return Arrays.stream(bounds).map(b -> new CodePointSet(b.toArray())).toArray(CodePointSet[]::new);
    }

    /**
     * The union of some ranges.
     *
     * @param bounds first and last of each range, in any order; ranges may overlap
     */
    public static CodePointSet ofBounds(int... bounds) {
        long[] ranges = new long[bounds.length / 2];
        for (int i = 0; i < ranges.length; i++) {
            ranges[i] = (long) bounds[2 * i] << 32 | bounds[2 * i + 1];
        }
        Arrays.sort(ranges);
        IntList merged = new IntList();
        for (long range : ranges) {
            int first = (int) (range >>> 32);
            int last = (int) range;
            int top = merged.size() - 1;
            if (top >= 0 && first <= merged.get(top) + 1) {
                merged.set(top, Math.max(merged.get(top), last));
            } else {
                merged.add(first);
                merged.add(last);
            }
        }
        return new CodePointSet(merged.toArray());
    }

    public static CodePointSet union(Collection<CodePointSet> sets) {
        return ofBounds(sets.stream().flatMapToInt(CodePointSet::bounds).toArray());
    }

    public boolean isEmpty() {
        return bounds.length == 0;
    }

    public int rangeCount() {
        return bounds.length / 2;
    }

    public int first(int range) {
        return bounds[2 * range];
    }

    public int last(int range) {
        return bounds[2 * range + 1];
    }

    /** First and last of each range. */
    public IntStream bounds() {
        return Arrays.stream(bounds);
    }

    public boolean contains(int codePoint) {
        return containsAll(codePoint, codePoint);
    }

    /** Whether every code point from {@code first} to {@code last} is a member. */
    public boolean containsAll(int first, int last) {
        int range = rangeEndingAtOrAfter(first);
        return range < rangeCount() && first(range) <= first && last(range) >= last;
    }

    /** Whether some code point from {@code first} to {@code last} is a member. */
    public boolean containsAny(int first, int last) {
        int range = rangeEndingAtOrAfter(first);
        return range < rangeCount() && first(range) <= last;
    }

    private int rangeEndingAtOrAfter(int codePoint) {
        int low = 0;
        int high = rangeCount();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (last(middle) < codePoint) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    public CodePointSet or(CodePointSet that) {
        int[] both = Arrays.copyOf(bounds, bounds.length + that.bounds.length);
        System.arraycopy(that.bounds, 0, both, bounds.length, that.bounds.length);
        return ofBounds(both);
    }

    /** All other code points. */
    public CodePointSet complement() {
        IntList rest = new IntList();
        int from = 0;
        for (int i = 0; i < rangeCount(); i++) {
            if (first(i) > from) {
                rest.add(from);
                rest.add(first(i) - 1);
            }
            from = last(i) + 1;
        }
        if (from <= Character.MAX_CODE_POINT) {
            rest.add(from);
            rest.add(Character.MAX_CODE_POINT);
        }
        return new CodePointSet(rest.toArray());
    }

    public CodePointSet and(CodePointSet that) {
        IntList both = new IntList();
        for (int i = 0, j = 0; i < rangeCount() && j < that.rangeCount(); ) {
            int from = Math.max(first(i), that.first(j));
            int to = Math.min(last(i), that.last(j));
            if (from <= to) {
                both.add(from);
                both.add(to);
            }
            if (last(i) < that.last(j)) {
                i++;
            } else {
                j++;
            }
        }
        return new CodePointSet(both.toArray());
    }

    public CodePointSet minus(CodePointSet that) {
        return and(that.complement());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CodePointSet that && Arrays.equals(bounds, that.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    @Override
    public String toString() {
        return Arrays.toString(bounds);
    }
}
