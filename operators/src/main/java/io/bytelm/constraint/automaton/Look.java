package io.bytelm.constraint.automaton;

import io.bytelm.constraint.CompileBudget;

/**
 * A condition on the text around a position. A look-ahead's table accepts everything that begins with what it looks for
 * (so it has a state that never leaves acceptance); a look-behind's table accepts everything that ends with it, from the
 * beginning of the text.
 *
 * @param ahead whether it looks at what follows
 * @param negated whether the position passes if the table does not accept
 */
record Look(boolean ahead, boolean negated, TransitionTable table) {
    /** Whether a state accepts every continuation whatever it is: it cannot reach one that does not, nor leave the table. */
    static boolean[] universalStates(TransitionTable table, CompileBudget budget) {
        budget.tick(4L * table.next().length + table.stateCount());
        budget.requireMemory(4L * table.next().length);
        int[] firstInto = new int[table.stateCount() + 1];
        int[] into = Distances.tailsByHead(table, firstInto);
        boolean[] universal = new boolean[table.stateCount()];
        IntList open = new IntList();
        for (int state = 0; state < universal.length; state++) {
            universal[state] = table.accepting()[state] && !leaves(table, state);
            if (!universal[state]) {
                open.add(state);
            }
        }
        while (open.size() > 0) {
            int state = open.removeLast();
            for (int i = firstInto[state]; i < firstInto[state + 1]; i++) {
                if (universal[into[i]]) {
                    universal[into[i]] = false;
                    open.add(into[i]);
                }
            }
        }
        return universal;
    }

    private static boolean leaves(TransitionTable table, int state) {
        for (int c = 0; c < table.classCount(); c++) {
            if (table.next()[state * table.classCount() + c] < 0) {
                return true;
            }
        }
        return false;
    }
}
