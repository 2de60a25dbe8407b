package io.bytelm.constraint.automaton;

import io.bytelm.constraint.CompileBudget;
import java.util.Arrays;

/**
 * Minimizes a deterministic automaton by partition refinement (Hopcroft 1971, in the form of Valmari 2012 for automata
 * with missing transitions), and numbers the result in breadth-first order, so that equal languages give equal tables.
 */
final class Minimizer {
    private static final int STEPS_PER_CELL = 2;
    private static final int STEPS_PER_TRANSITION = 6;
    /** Tail, label, head, and the places in the partition and by head. */
    private static final int BYTES_PER_TRANSITION = 48;

    private static final int BYTES_PER_STATE = 48;

    private final TransitionTable table;
    private final CompileBudget budget;
    private final int[] liveStates;
    private int[] tail = new int[0];
    private int[] label = new int[0];
    private int[] head = new int[0];

    private Minimizer(TransitionTable table, CompileBudget budget, int[] liveStates) {
        this.table = table;
        this.budget = budget;
        this.liveStates = liveStates;
    }

    /** @param table all its states can be reached */
    static TransitionTable minimize(TransitionTable table, CompileBudget budget) {
        long transitions = Arrays.stream(table.next()).filter(head -> head >= 0).count();
        budget.tick(STEPS_PER_CELL * (long) table.next().length + STEPS_PER_TRANSITION * transitions);
        budget.requireMemory(BYTES_PER_TRANSITION * transitions + BYTES_PER_STATE * (long) table.stateCount());
        int[] distance = Distances.toAccepting(table);
        if (distance[0] < 0) {
            return empty(table);
        }
        int[] live = new int[table.stateCount()];
        int count = 0;
        for (int state = 0; state < live.length; state++) {
            if (distance[state] >= 0) {
                live[count++] = state;
            }
        }
        return new Minimizer(table, budget, Arrays.copyOf(live, count)).minimize((int) transitions);
    }

    /** The automaton that accepts nothing. */
    private static TransitionTable empty(TransitionTable table) {
        SymbolClasses one = table.symbols().renumbered(new int[table.classCount()], 1);
        return new TransitionTable(one, new int[] {Nfa.NONE}, new boolean[1]);
    }

    private TransitionTable minimize(int transitions) {
        collectTransitions(transitions);
        Partition blocks = new Partition(liveStates.length);
        for (int i = 0; i < liveStates.length; i++) {
            if (table.accepting()[liveStates[i]]) {
                blocks.mark(i);
            }
        }
        blocks.split();
        refine(blocks);
        return new CanonicalNumbering(table, liveStates, blocks).renumber();
    }

    /** @param transitions those of the table: none of them can be missing here but those into dead states */
    private void collectTransitions(int transitions) {
        int[] compact = new int[table.stateCount()];
        Arrays.fill(compact, Nfa.NONE);
        for (int i = 0; i < liveStates.length; i++) {
            compact[liveStates[i]] = i;
        }
        tail = new int[transitions];
        label = new int[transitions];
        head = new int[transitions];
        int count = 0;
        for (int i = 0; i < liveStates.length; i++) {
            for (int c = 0; c < table.classCount(); c++) {
                int next = table.next()[liveStates[i] * table.classCount() + c];
                if (next >= 0 && compact[next] >= 0) {
                    tail[count] = i;
                    label[count] = c;
                    head[count++] = compact[next];
                }
            }
        }
        tail = Arrays.copyOf(tail, count);
        label = Arrays.copyOf(label, count);
        head = Arrays.copyOf(head, count);
    }

    private void refine(Partition blocks) {
        Partition cords = Partition.byLabel(label, table.classCount());
        int[] firstInto = new int[liveStates.length + 1];
        int[] into = transitionsInto(firstInto);
        int block = 1;
        for (int cord = 0; cord < cords.sets; cord++) {
            for (int i = cords.first[cord]; i < cords.past[cord]; i++) {
                budget.tick();
                blocks.mark(tail[cords.elements[i]]);
            }
            blocks.split();
            for (; block < blocks.sets; block++) {
                for (int i = blocks.first[block]; i < blocks.past[block]; i++) {
                    int state = blocks.elements[i];
                    for (int j = firstInto[state]; j < firstInto[state + 1]; j++) {
                        budget.tick();
                        cords.mark(into[j]);
                    }
                }
                cords.split();
            }
        }
    }

    /** The transitions by head; those into state {@code s} are at {@code firstInto[s] .. firstInto[s + 1] - 1}. */
    private int[] transitionsInto(int[] firstInto) {
        for (int state : head) {
            firstInto[state + 1]++;
        }
        for (int state = 0; state < liveStates.length; state++) {
            firstInto[state + 1] += firstInto[state];
        }
        int[] fill = firstInto.clone();
        int[] into = new int[head.length];
        for (int t = 0; t < head.length; t++) {
            into[fill[head[t]]++] = t;
        }
        return into;
    }
}
