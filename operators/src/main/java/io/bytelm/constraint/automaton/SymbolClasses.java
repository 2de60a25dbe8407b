package io.bytelm.constraint.automaton;

import java.util.Arrays;

/**
 * Cuts the symbols into ranges that an automaton cannot tell apart.
 *
 * @param classOf {@code [symbols]} ascending from 0
 * @param representative {@code [classes]} the first symbol of each class
 */
record SymbolClasses(int[] classOf, int[] representative) {
    static SymbolClasses of(Nfa nfa) {
        boolean[] begins = new boolean[nfa.symbolCount() + 1];
        begins[0] = true;
        for (int state = 0; state < nfa.stateCount(); state++) {
            for (int e = nfa.firstEdge(state); e != Nfa.NONE; e = nfa.nextEdge(e)) {
                begins[nfa.first(e)] = true;
                begins[nfa.last(e) + 1] = true;
            }
        }
        for (Look look : nfa.looks()) {
            int[] inner = look.table().classOf();
            for (int symbol = 1; symbol < inner.length; symbol++) {
                begins[symbol] |= inner[symbol] != inner[symbol - 1];
            }
        }
        return cutAt(begins);
    }

    private static SymbolClasses cutAt(boolean[] begins) {
        int[] classOf = new int[begins.length - 1];
        int[] representative = new int[classOf.length];
        int count = 0;
        for (int symbol = 0; symbol < classOf.length; symbol++) {
            if (begins[symbol]) {
                representative[count++] = symbol;
            }
            classOf[symbol] = count - 1;
        }
        return new SymbolClasses(classOf, Arrays.copyOf(representative, count));
    }

    int count() {
        return representative.length;
    }
}
