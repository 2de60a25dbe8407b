package io.bytelm.constraint.automaton;

import java.util.Arrays;

/** Cuts the symbols into ranges that an automaton cannot tell apart. */
final class SymbolClasses {
    private final int[] classOf;
    private final int[] representative;

    private SymbolClasses(int[] classOf, int[] representative) {
        this.classOf = classOf;
        this.representative = representative;
    }

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

    /** {@code [symbols]}: the class of each, ascending from 0. */
    int[] classOf() {
        return classOf;
    }

    /** {@code [classes]}: the first symbol of each. */
    int[] representative() {
        return representative;
    }

    int count() {
        return representative.length;
    }
}
