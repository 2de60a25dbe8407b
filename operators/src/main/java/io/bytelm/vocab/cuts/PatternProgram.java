package io.bytelm.vocab.cuts;

import java.util.Arrays;

/**
 * A pattern as instructions of a machine that is in several states at once; an earlier state is preferred to a later one,
 * as in a search that tries one way after the other. Immutable.
 *
 * @param operations one an instruction
 * @param first where an instruction goes on
 * @param second where a {@link Operation#FORK} goes on else
 * @param classes the characters that a {@link Operation#READ} takes, or that must not follow a {@link Operation#LOOK}
 */
record PatternProgram(Operation[] operations, int[] first, int[] second, CharacterClass[] classes) {
    /** What follows is not known yet: neither side of a look ahead is taken. */
    static final int UNKNOWN = -2;
    /** The text ends here. */
    static final int END = -1;

    static final int[] NOWHERE = {};

    enum Operation {
        READ,
        FORK,
        LOOK,
        MATCH
    }

    private static final int[] START = {0};

    /** A hash of which instruction has which number. */
    int layout() {
        int hash = 31 * Arrays.hashCode(first) + Arrays.hashCode(second);
        for (Operation operation : operations) {
            hash = 31 * hash + operation.ordinal();
        }
        return hash;
    }

    /** The states before the first character. */
    static int[] start() {
        return START;
    }

    /**
     * The states that read, in the order of preference, up to and without the first that matches.
     *
     * @param next the character that follows, {@link #END} or {@link #UNKNOWN}
     */
    Reached reach(int[] states, int next) {
        Search search = new Search(next);
        boolean matches = false;
        for (int i = 0; i < states.length && !matches; i++) {
            matches = search.visit(states[i]);
        }
        return new Reached(Arrays.copyOf(search.reading, search.count), matches);
    }

    /**
     * @param reading the states that read a character
     * @param matches whether the pattern matches here; the states that are preferred to that are the reading ones
     */
    record Reached(int[] reading, boolean matches) {}

    /** Where the reading states are after a character. */
    int[] read(int[] reading, int codePoint) {
        int[] after = new int[reading.length];
        int count = 0;
        for (int state : reading) {
            if (classes[state].contains(codePoint)) {
                after[count++] = first[state];
            }
        }
        return count == after.length ? after : Arrays.copyOf(after, count);
    }

    private final class Search {
        private final int next;
        private final boolean[] seen = new boolean[operations.length];
        private final int[] reading = new int[operations.length];
        private int count;

        Search(int next) {
            this.next = next;
        }

        /** Whether the pattern matches on the way that begins there. */
        boolean visit(int state) {
            if (seen[state]) {
                return false;
            }
            seen[state] = true;
            switch (operations[state]) {
                case READ -> {
                    reading[count++] = state;
                    return false;
                }
                case FORK -> {
                    return visit(first[state]) || visit(second[state]);
                }
                case LOOK -> {
                    boolean passes = next == END || next != UNKNOWN && !classes[state].contains(next);
                    return passes && visit(first[state]);
                }
                default -> {
                    return true;
                }
            }
        }
    }
}
