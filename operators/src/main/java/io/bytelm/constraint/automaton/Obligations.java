package io.bytelm.constraint.automaton;

import io.bytelm.constraint.CompileBudget;
import java.util.Arrays;
import java.util.List;

/**
 * What the rest of the text still owes to look-aheads that were passed: a set of (look-ahead, state of its table), as one
 * number. Carrying such sets along with the states makes the automaton an alternating one (Chandra, Kozen and Stockmeyer
 * 1981), which the subset construction resolves exactly.
 */
final class Obligations {
    /** Nothing is owed. */
    static final int NOTHING = 0;
    /** Cannot be met any more. */
    static final int FAILED = -1;

    private static final int SET_BYTES = 32;
    private static final int STEPS_PER_ENTRY = 4;

    private final List<Look> looks;
    private final boolean[][] universal;
    private final int[] offsets;
    private final IntArrayInterner sets = new IntArrayInterner();
    private final CompileBudget budget;

    Obligations(List<Look> looks, CompileBudget budget) {
        this.looks = looks;
        this.budget = budget;
        this.offsets = new int[looks.size() + 1];
        this.universal = new boolean[looks.size()][];
        for (int k = 0; k < looks.size(); k++) {
            offsets[k + 1] = offsets[k] + looks.get(k).table().stateCount();
            universal[k] = Look.universalStates(looks.get(k).table(), budget);
        }
        sets.intern(new int[0]);
    }

    /** How many different sets there are so far. */
    int count() {
        return sets.size();
    }

    /** What is owed once look-ahead {@code look} is passed too; or FAILED. */
    int add(int set, int look) {
        IntList owed = copyOf(set);
        return addState(owed, look, 0) ? number(owed) : FAILED;
    }

    /** What is owed after one more symbol; or FAILED. */
    int step(int set, int symbol) {
        IntList owed = new IntList();
        for (int entry : sets.get(set)) {
            budget.tick(STEPS_PER_ENTRY);
            int look = lookOf(entry);
            int next = looks.get(look).table().next(entry - offsets[look], symbol);
            if (!addState(owed, look, next)) {
                return FAILED;
            }
        }
        return number(owed);
    }

    private int number(IntList owed) {
        int before = sets.size();
        int number = sets.intern(owed.toSortedSet());
        if (sets.size() > before) {
            budget.chargeMemory(SET_BYTES + 4L * owed.size());
        }
        return number;
    }

    /** Whether nothing is missing if the text ends here. */
    boolean metAtEnd(int set) {
        for (int entry : sets.get(set)) {
            budget.tick();
            Look look = looks.get(lookOf(entry));
            if (look.table().accepting()[entry - offsets[lookOf(entry)]] == look.negated()) {
                return false;
            }
        }
        return true;
    }

    private boolean addState(IntList owed, int look, int state) {
        boolean certain = state < 0 || universal[look][state];
        if (certain) {
            boolean found = state >= 0;
            return found != looks.get(look).negated();
        }
        owed.add(offsets[look] + state);
        return true;
    }

    private int lookOf(int entry) {
        int at = Arrays.binarySearch(offsets, entry);
        return at < 0 ? -2 - at : at;
    }

    private IntList copyOf(int set) {
        IntList copy = new IntList();
        for (int entry : sets.get(set)) {
            budget.tick();
            copy.add(entry);
        }
        return copy;
    }
}
