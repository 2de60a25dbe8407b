package io.bytelm.constraint.json;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.Fingerprint;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.ExpressionCompiler;
import io.bytelm.constraint.automaton.Utf8;
import io.bytelm.constraint.whitespace.Place;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All {@link Segment}s in one table of transitions, with what opens and closes a container as special targets. */
final class JsonAutomaton {
    static final int DEAD = -1;
    static final int OPEN_OBJECT = -2;
    static final int OPEN_ARRAY = -3;
    static final int CLOSE = -4;

    private static final int BYTES = 256;

    private final Map<Segment, Integer> starts = new EnumMap<>(Segment.class);
    private int[] next = new int[0];
    private boolean[] accepting = new boolean[0];
    private ByteSet[] live = new ByteSet[0];
    private ByteSet[] liveWithoutOpening = new ByteSet[0];
    private int[] fewest = new int[0];
    private int[] fewestAfterWorstByte = new int[0];
    private @Nullable Place[] places = new Place[0];

    JsonAutomaton(JsonOptions options) {
        CompileBudget budget = CompileBudget.start(CompileLimits.TRUSTED);
        Map<Segment, ByteDfa> automata = new EnumMap<>(Segment.class);
        int states = 0;
        for (Segment segment : Segment.values()) {
            ByteDfa dfa = ExpressionCompiler.compile(segment.expression(options), Utf8.INSTANCE, budget);
            automata.put(segment, dfa);
            starts.put(segment, states);
            states += dfa.stateCount();
        }
        allocate(states);
        automata.forEach(this::link);
        computeFewest();
        for (int state = 0; state < states; state++) {
            describe(state);
        }
    }

    private void allocate(int states) {
        next = new int[states * BYTES];
        accepting = new boolean[states];
        live = new ByteSet[states];
        liveWithoutOpening = new ByteSet[states];
        fewest = new int[states];
        fewestAfterWorstByte = new int[states];
        places = new Place[states];
    }

    private void link(Segment segment, ByteDfa dfa) {
        int start = start(segment);
        boolean top = segment == Segment.TOP_VALUE || segment == Segment.AFTER_TOP_VALUE;
        for (int state = 0; state < dfa.stateCount(); state++) {
            accepting[start + state] = top && dfa.accepting(state);
            places[start + state] = state == 0 ? segment.place() : place(dfa, state, top);
            for (int b = 0; b < BYTES; b++) {
                int target = dfa.next(state, b);
                boolean structural = target >= 0 && dfa.accepting(target);
                next[(start + state) * BYTES + b] = target < 0
                        ? DEAD
                        : structural ? afterStructural(segment, (char) b, start + target) : start + target;
            }
        }
    }

    /** The gap after a token: what may come there says which one it is. */
    private static @Nullable Place place(ByteDfa dfa, int state, boolean top) {
        if (top) {
            return dfa.accepting(state) ? Place.OUTSIDE : null;
        }
        int comma = dfa.next(state, ',');
        if (comma >= 0 && dfa.accepting(comma)) {
            return Place.AFTER_VALUE;
        }
        int colon = dfa.next(state, ':');
        return colon >= 0 && dfa.accepting(colon) ? Place.BEFORE_COLON : null;
    }

    private int afterStructural(Segment segment, char c, int otherwise) {
        return switch (c) {
            case '{' -> OPEN_OBJECT;
            case '[' -> OPEN_ARRAY;
            case '}', ']' -> CLOSE;
            case ':' -> start(Segment.MEMBER_VALUE);
            case ',' -> start(segment.afterComma());
            default -> otherwise;
        };
    }

    /** The fewest bytes until the innermost container is closed, or, outside all of them, until the text is complete. */
    private void computeFewest() {
        Arrays.fill(fewest, Cursor.VERY_MANY_BYTES);
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int state = 0; state < fewest.length; state++) {
                int best = accepting[state] ? 0 : Cursor.VERY_MANY_BYTES;
                for (int b = 0; b < BYTES; b++) {
                    best = Math.min(best, 1 + fewestAt(next[state * BYTES + b]));
                }
                changed |= best < fewest[state];
                fewest[state] = Math.min(best, fewest[state]);
            }
        }
    }

    /** To open a container is never shorter than the scalar 0, so it is left out. */
    private int fewestAt(int target) {
        return target >= 0 ? fewest[target] : target == CLOSE ? 0 : Cursor.VERY_MANY_BYTES;
    }

    private void describe(int state) {
        long[] words = new long[4];
        long[] opening = new long[4];
        for (int b = 0; b < BYTES; b++) {
            int target = next[state * BYTES + b];
            boolean opens = target == OPEN_OBJECT || target == OPEN_ARRAY;
            words[b >> 6] |= target == DEAD ? 0 : 1L << b;
            opening[b >> 6] |= opens ? 1L << b : 0;
            int after = opens ? 2 : target == DEAD ? 0 : fewestAt(target);
            fewestAfterWorstByte[state] = Math.max(fewestAfterWorstByte[state], after);
        }
        live[state] = ByteSet.ofWords(words);
        liveWithoutOpening[state] = live[state].minus(ByteSet.ofWords(opening));
    }

    int start(Segment segment) {
        return starts.getOrDefault(segment, DEAD);
    }

    int stateCount() {
        return accepting.length;
    }

    /** The state after a byte (0 to 255), or one of the special targets. */
    int next(int state, int nextByte) {
        return next[state * BYTES + nextByte];
    }

    boolean accepting(int state) {
        return accepting[state];
    }

    /** @param mayOpen whether one more array or object may be opened */
    ByteSet live(int state, boolean mayOpen) {
        return mayOpen ? live[state] : liveWithoutOpening[state];
    }

    /** The gap between tokens that a state is in; null inside a token. */
    @Nullable
    Place place(int state) {
        return places[state];
    }

    /** The state after a gap: what stood before it has ended. */
    int afterGap(int state, @Nullable OpenContainer open) {
        Place place = places[state];
        if (place == Place.AFTER_VALUE && open != null) {
            return start(open.object() ? Segment.AFTER_MEMBER : Segment.AFTER_ELEMENT);
        }
        return place == Place.OUTSIDE && accepting[state] ? start(Segment.AFTER_TOP_VALUE) : state;
    }

    /** See {@link #computeFewest}. */
    int fewest(int state) {
        return fewest[state];
    }

    /** At least as many as {@link #fewest} can be after one live byte; opening counts for the container around it too. */
    int fewestAfterWorstByte(int state) {
        return fewestAfterWorstByte[state];
    }

    void addTo(Fingerprint fingerprint) {
        for (int target : next) {
            fingerprint.add(target);
        }
    }
}
