package io.bytelm.constraint.schema.text;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.Nfa;

/**
 * Reads decimal digits and keeps the remainder. A state is (decimals read so far, remainder); the integer part is row 0,
 * the last row takes only zeros.
 */
final class Remainders {
    private final int divisor;
    private final int decimals;

    /** Multiples of {@code divisor / 10^decimals}. */
    Remainders(int divisor, int decimals) {
        this.divisor = divisor;
        this.decimals = decimals;
    }

    /** Accepts too much outside the well-formed numbers. */
    ByteDfa automaton(CompileBudget budget) {
        Nfa nfa = new Nfa(budget);
        int[] whole = states(nfa);
        int[][] rows = new int[decimals + 1][];
        for (int row = 0; row <= decimals; row++) {
            rows[row] = states(nfa);
        }
        nfa.addEmptyEdge(nfa.start(), whole[0]);
        nfa.addEdge(nfa.start(), '-', '-', whole[0]);
        for (int r = 0; r < divisor; r++) {
            addDigits(nfa, whole[r], whole, r);
            nfa.addEdge(whole[r], '.', '.', rows[0][r]);
            accept(nfa, whole[r], r, 0);
            addRow(nfa, rows, r);
        }
        return ByteDfa.of(nfa, budget);
    }

    private void addRow(Nfa nfa, int[][] rows, int r) {
        for (int row = 0; row < decimals; row++) {
            addDigits(nfa, rows[row][r], rows[row + 1], r);
            accept(nfa, rows[row][r], r, row);
        }
        nfa.addEdge(rows[decimals][r], '0', '0', rows[decimals][r]);
        accept(nfa, rows[decimals][r], r, decimals);
    }

    private int[] states(Nfa nfa) {
        int[] states = new int[divisor];
        for (int r = 0; r < divisor; r++) {
            states[r] = nfa.addState();
        }
        return states;
    }

    private void addDigits(Nfa nfa, int from, int[] to, int r) {
        for (int digit = 0; digit < 10; digit++) {
            nfa.addEdge(from, '0' + digit, '0' + digit, to[(int) ((10L * r + digit) % divisor)]);
        }
    }

    private void accept(Nfa nfa, int state, int r, int read) {
        long scaled = r;
        for (int i = read; i < decimals; i++) {
            scaled = scaled * 10 % divisor;
        }
        if (scaled == 0) {
            nfa.addEmptyEdge(state, nfa.end());
        }
    }
}
