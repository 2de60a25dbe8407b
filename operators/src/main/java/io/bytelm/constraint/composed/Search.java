package io.bytelm.constraint.composed;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the first of some strings in a text (Aho and Corasick 1975), state 0 before the text. A string that ends where another
 * one ends too is the longer one's, since that begins first. Immutable.
 */
final class Search {
    private static final int BYTES = 256;
    private static final int STATE_BYTES = 4 * BYTES + 24;
    private static final int NONE = -1;

    private final int[] next;
    private final int[] found;
    private int states = 1;

    /**
     * @param strings each at least one byte
     * @throws ConstraintException if one can never be the first, because another one is found on the way to its end
     */
    Search(List<byte[]> strings, CompileBudget budget) {
        int most = 1 + strings.stream().mapToInt(string -> string.length).sum();
        for (int state = 0; state < most; state++) {
            budget.chargeState(STATE_BYTES);
            budget.tick(BYTES);
        }
        next = new int[most * BYTES];
        found = new int[most];
        Arrays.fill(next, NONE);
        Arrays.fill(found, NONE);
        for (int i = 0; i < strings.size(); i++) {
            add(strings.get(i), i);
        }
        complete();
        strings.forEach(string -> refuseIfHidden(string, strings));
    }

    private void add(byte[] string, int number) {
        int state = 0;
        for (byte b : string) {
            int slot = state * BYTES + (b & 0xFF);
            next[slot] = next[slot] == NONE ? states++ : next[slot];
            state = next[slot];
        }
        if (found[state] != NONE) {
            throw new ConstraintException(
                    Reason.SYNTAX, Quoted.bytes(string) + " is there twice: leave one of them out");
        }
        found[state] = number;
    }

    /** Gives every state a target for every byte, in order of their depth: that of its longest suffix where it has none. */
    private void complete() {
        int[] suffix = new int[states];
        int[] queue = new int[states];
        int queued = 1;
        for (int done = 0; done < queued; done++) {
            int state = queue[done];
            for (int b = 0; b < BYTES; b++) {
                int slot = state * BYTES + b;
                int fallback = state == 0 ? 0 : next[suffix[state] * BYTES + b];
                if (next[slot] == NONE) {
                    next[slot] = fallback;
                } else {
                    int child = next[slot];
                    suffix[child] = fallback;
                    found[child] = found[child] == NONE ? found[fallback] : found[child];
                    queue[queued++] = child;
                }
            }
        }
    }

    private void refuseIfHidden(byte[] string, List<byte[]> strings) {
        int state = 0;
        for (int i = 0; i < string.length - 1; i++) {
            state = next(state, string[i] & 0xFF);
            if (found(state) != NONE) {
                throw new ConstraintException(
                        Reason.UNSATISFIABLE,
                        Quoted.bytes(string) + " is never found, because " + Quoted.bytes(strings.get(found(state)))
                                + ", which it contains, is found first: leave one of them out");
            }
        }
    }

    int stateCount() {
        return states;
    }

    int next(int state, int nextByte) {
        return next[state * BYTES + nextByte];
    }

    /** The number of the string that ends here; -1 if there is none. */
    int found(int state) {
        return found[state];
    }
}
