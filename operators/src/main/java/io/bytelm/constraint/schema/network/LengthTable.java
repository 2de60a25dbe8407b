package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.automaton.ByteDfa;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which lengths the strings of a language can still have, for a register that counts code points. A place is a state of
 * the automaton and a place within an escape; from it leads one edge to each next place. Immutable once built.
 */
final class LengthTable {
    private static final int MAX_ENTRIES = 1 << 22;
    private static final int STEPS_PER_BYTE = 4;
    private static final int PLACE_BYTES = 120;
    private static final int EDGE_BYTES = 80;
    private static final int NOT_STEADY = Integer.MIN_VALUE;

    /** @param escape see {@link EscapePlaces} */
    private record Place(int state, int escape) {}

    /** @param begins whether the bytes begin a code point */
    record Edge(int target, boolean begins, ByteSet bytes) {}

    private final ByteDfa texts;
    private final int min;
    private final int max;
    private final Map<Place, Integer> numbers = new HashMap<>();
    private final List<Place> places = new ArrayList<>();
    private final List<List<Edge>> edges = new ArrayList<>();
    /**
     * {@code [places][length]} bytes of the shortest rest with so many code points, the last length can mean "or more"; once
     * built {@code [places][count]}, see {@link #byCount}.
     */
    private final int[][] fewest;

    LengthTable(ByteDfa texts, int min, int max, CompileBudget budget) {
        this.texts = texts;
        this.min = min;
        this.max = max;
        number(new Place(0, 0));
        for (int place = 0; place < places.size(); place++) {
            budget.tick(STEPS_PER_BYTE * texts.live(places.get(place).state).size());
            edges.add(edgesFrom(places.get(place)));
            budget.chargeMemory(
                    PLACE_BYTES + EDGE_BYTES * (long) edges.get(place).size());
        }
        long lengths = 1L + (unbounded() ? min : max);
        if (lengths * places.size() > MAX_ENTRIES) {
            throw new ConstraintException(
                    Reason.TOO_LARGE, "a pattern or format with a length limit of " + lengths + " is too large");
        }
        budget.chargeMemory(4 * lengths * places.size());
        budget.tick(2 * lengths * places.size());
        fewest = new int[places.size()][(int) lengths];
        for (int[] row : fewest) {
            Arrays.fill(row, Cursor.VERY_MANY_BYTES);
        }
        computeRests((int) lengths, budget);
        for (int place = 0; place < fewest.length; place++) {
            fewest[place] = byCount(fewest[place]);
        }
    }

    /**
     * The rests of a length follow from those of one less by minima of sums. So where each place's rest has grown by the same number
     * of bytes once, it grows by it for ever.
     */
    private void computeRests(int lengths, CompileBudget budget) {
        int exact = unbounded() ? lengths - 1 : lengths;
        int length = 0;
        int growth = NOT_STEADY;
        while (length < exact && growth == NOT_STEADY) {
            relax(length, budget);
            growth = length == 0 ? NOT_STEADY : growth(length);
            length++;
        }
        for (int[] row : fewest) {
            for (int longer = length; longer < exact; longer++) {
                row[longer] = Fewest.sum(row[longer - 1], growth);
            }
        }
        if (unbounded()) {
            relax(exact, budget);
        }
    }

    /** By how many bytes the rests of this length are longer than those of one less, if all are. */
    private int growth(int length) {
        int growth = NOT_STEADY;
        for (int[] row : fewest) {
            boolean some = row[length] < Cursor.VERY_MANY_BYTES;
            if (some != row[length - 1] < Cursor.VERY_MANY_BYTES) {
                return NOT_STEADY;
            }
            int here = row[length] - row[length - 1];
            if (some && here != growth && growth != NOT_STEADY) {
                return NOT_STEADY;
            }
            growth = some ? here : growth;
        }
        return growth;
    }

    private boolean unbounded() {
        return max == Integer.MAX_VALUE;
    }

    private List<Edge> edgesFrom(Place from) {
        Map<Integer, long[]> bytesTo = new LinkedHashMap<>();
        ByteSet live = texts.live(from.state);
        for (int b = live.nextMember(0); b >= 0; b = live.nextMember(b + 1)) {
            int target = number(new Place(texts.next(from.state, b), EscapePlaces.after(from.escape, b)));
            boolean begins = from.escape == EscapePlaces.OUTSIDE && (b & 0xC0) != 0x80;
            long[] words = bytesTo.computeIfAbsent(begins ? target : -1 - target, key -> new long[4]);
            words[b >> 6] |= 1L << b;
        }
        List<Edge> list = new ArrayList<>();
        bytesTo.forEach((key, words) -> list.add(new Edge(key < 0 ? -1 - key : key, key >= 0, ByteSet.ofWords(words))));
        return list;
    }

    private int number(Place place) {
        Integer known = numbers.putIfAbsent(place, places.size());
        if (known != null) {
            return known;
        }
        places.add(place);
        return places.size() - 1;
    }

    /** Finds the shortest rests of one length from those of one less. */
    private void relax(int length, CompileBudget budget) {
        boolean orMore = unbounded() && length == min;
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int place = places.size() - 1; place >= 0; place--) {
                budget.tick(1L + edges.get(place).size());
                int least = canEnd(place) && (length == 0) ? 0 : fewest[place][length];
                for (Edge edge : edges.get(place)) {
                    int[] after = fewest[edge.target];
                    if (!edge.begins || orMore) {
                        least = Math.min(least, Fewest.sum(1, after[length]));
                    }
                    if (edge.begins && length > 0) {
                        least = Math.min(least, Fewest.sum(1, after[length - 1]));
                    }
                }
                changed |= least < fewest[place][length];
                fewest[place][length] = least;
            }
        }
    }

    List<Edge> edges(int place) {
        return edges.get(place);
    }

    boolean canEnd(int place) {
        return texts.accepting(places.get(place).state) && places.get(place).escape == EscapePlaces.OUTSIDE;
    }

    /**
     * Turns the shortest rests of each length into those of any permitted length.
     *
     * @param row {@code [length]} bytes of the shortest rest with so many code points
     * @return {@code [count]} after so many code points; where there is no upper limit, the last count means "or more"
     */
    private int[] byCount(int[] row) {
        int last = row.length - 1;
        int[] least = new int[row.length];
        int[] window = new int[row.length];
        int head = 0;
        int tail = 0;
        for (int step = 0; step <= last; step++) {
            int added = unbounded() ? last - step : step;
            while (tail > head && row[window[tail - 1]] >= row[added]) {
                tail--;
            }
            window[tail++] = added;
            int count = unbounded() ? step : last - step;
            while (head < tail && window[head] < min - count) {
                head++;
            }
            least[count] = head < tail ? row[window[head]] : Cursor.VERY_MANY_BYTES;
        }
        return least;
    }

    /** The shortest rest that ends with a permitted length after so many code points; a great number if there is none. */
    int fewestBytesAfter(int place, int count) {
        int[] row = fewest[place];
        if (count < row.length) {
            return row[count];
        }
        return unbounded() ? row[row.length - 1] : Cursor.VERY_MANY_BYTES;
    }

    boolean canComplete(int place, int count) {
        return fewestBytesAfter(place, count) < Cursor.VERY_MANY_BYTES;
    }
}
