package io.bytelm.constraint.automaton;

import io.bytelm.constraint.CompileBudget;
import java.util.Arrays;
import java.util.Collection;

/** Automata of given byte strings: their trie, made minimal. */
public final class Literals {
    private static final int BYTES = 256;

    private final int[] classOf = new int[BYTES];
    private final int classCount;
    private final CompileBudget budget;
    private final IntList next = new IntList();
    private final IntList ends = new IntList();
    private int states;

    private Literals(Collection<byte[]> strings, CompileBudget budget) {
        this.budget = budget;
        this.classCount = countClasses(strings);
        addState();
        strings.forEach(this::add);
    }

    /** Exactly these byte strings; of none: nothing at all. */
    public static ByteDfa of(Collection<byte[]> strings, CompileBudget budget) {
        return new Literals(strings, budget).build();
    }

    /** Class 0 is every byte that does not occur. */
    private int countClasses(Collection<byte[]> strings) {
        int count = 1;
        for (byte[] string : strings) {
            budget.tick(4L + string.length);
            for (byte b : string) {
                if (classOf[b & 0xFF] == 0) {
                    classOf[b & 0xFF] = count++;
                }
            }
        }
        return count;
    }

    private void add(byte[] string) {
        int state = 0;
        budget.tick(string.length);
        for (byte b : string) {
            int slot = state * classCount + classOf[b & 0xFF];
            if (next.get(slot) < 0) {
                next.set(slot, addState());
            }
            state = next.get(slot);
        }
        ends.add(state);
    }

    private int addState() {
        budget.chargeState(8L * classCount);
        budget.tick(classCount / 2);
        for (int c = 0; c < classCount; c++) {
            next.add(ByteDfa.DEAD);
        }
        return states++;
    }

    private ByteDfa build() {
        boolean[] accepting = new boolean[states];
        Arrays.stream(ends.toArray()).forEach(state -> accepting[state] = true);
        return ByteDfa.ofTable(
                new TransitionTable(SymbolClasses.ofBytes(classOf, classCount), next.toArray(), accepting), budget);
    }
}
