package io.bytelm.constraint.automaton;

/**
 * A condition on the text around a position. A look-ahead's table accepts everything that begins with what it looks for
 * (so it has a state that never leaves acceptance); a look-behind's table accepts everything that ends with it, from the
 * beginning of the text.
 *
 * @param ahead whether it looks at what follows
 * @param negated whether the position passes if the table does not accept
 */
record Look(boolean ahead, boolean negated, TransitionTable table) {
    /** Whether a state accepts every continuation whatever it is. */
    static boolean[] universalStates(TransitionTable table) {
        boolean[] universal = table.accepting().clone();
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int state = 0; state < universal.length; state++) {
                if (universal[state] && escapes(table, state, universal)) {
                    universal[state] = false;
                    changed = true;
                }
            }
        }
        return universal;
    }

    private static boolean escapes(TransitionTable table, int state, boolean[] universal) {
        for (int c = 0; c < table.classCount(); c++) {
            int next = table.next()[state * table.classCount() + c];
            if (next < 0 || !universal[next]) {
                return true;
            }
        }
        return false;
    }
}
