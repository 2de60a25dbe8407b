package io.bytelm.constraint.automaton;

import java.util.Arrays;

/**
 * Which symbols an automaton cannot tell apart. Of the symbols above the bytes only those that it reads at all have a class,
 * so that a grammar of many rules does not cost a table of all rules for each of them. Immutable.
 */
final class SymbolClasses {
    private static final int BYTES = 256;

    private final int[] classOfByte;
    private final int[] above;
    private final int[] classOfAbove;
    private final int count;

    /** @param above ascending symbols from 256 on */
    private SymbolClasses(int[] classOfByte, int[] above, int[] classOfAbove, int count) {
        this.classOfByte = classOfByte;
        this.above = above;
        this.classOfAbove = classOfAbove;
        this.count = count;
    }

    /** @param classOfByte {@code [256]} */
    static SymbolClasses ofBytes(int[] classOfByte, int count) {
        return new SymbolClasses(classOfByte, new int[0], new int[0], count);
    }

    /** The symbols cut into ranges, ascending. */
    static SymbolClasses of(Nfa nfa) {
        boolean[] begins = new boolean[BYTES + 1];
        begins[0] = true;
        IntList others = new IntList();
        for (int state = 0; state < nfa.stateCount(); state++) {
            nfa.budget().tick();
            for (int e = nfa.firstEdge(state); e != Nfa.NONE; e = nfa.nextEdge(e)) {
                nfa.budget().tick();
                if (nfa.first(e) < BYTES) {
                    begins[nfa.first(e)] = true;
                    begins[nfa.last(e) + 1] = true;
                } else {
                    others.add(nfa.first(e));
                }
            }
        }
        for (Look look : nfa.looks()) {
            nfa.budget().tick(BYTES);
            for (int symbol = 1; symbol < BYTES; symbol++) {
                begins[symbol] |= look.table().classOf(symbol) != look.table().classOf(symbol - 1);
            }
        }
        return cutAt(begins, others.toSortedSet());
    }

    private static SymbolClasses cutAt(boolean[] begins, int[] above) {
        int[] classOf = new int[BYTES];
        int count = 0;
        for (int symbol = 0; symbol < BYTES; symbol++) {
            count += begins[symbol] ? 1 : 0;
            classOf[symbol] = count - 1;
        }
        int[] classOfAbove = new int[above.length];
        for (int i = 0; i < above.length; i++) {
            classOfAbove[i] = count++;
        }
        return new SymbolClasses(classOf, above, classOfAbove, count);
    }

    /** The same symbols with other classes: the class that was {@code c} becomes {@code newClass[c]}. */
    SymbolClasses renumbered(int[] newClass, int newCount) {
        int[] bytes = Arrays.stream(classOfByte).map(c -> newClass[c]).toArray();
        int[] others = Arrays.stream(classOfAbove).map(c -> newClass[c]).toArray();
        return new SymbolClasses(bytes, above, others, newCount);
    }

    /** The class of a symbol; -1 if it is above the bytes and never read. */
    int classOf(int symbol) {
        if (symbol < BYTES) {
            return classOfByte[symbol];
        }
        int at = Arrays.binarySearch(above, symbol);
        return at < 0 ? -1 : classOfAbove[at];
    }

    /** The symbols above the bytes that have a class, ascending. */
    int[] above() {
        return above;
    }

    /** {@code [classes]}: the first symbol of each. */
    int[] representatives() {
        int[] first = new int[count];
        Arrays.fill(first, -1);
        for (int symbol = 0; symbol < BYTES; symbol++) {
            first[classOfByte[symbol]] = first[classOfByte[symbol]] < 0 ? symbol : first[classOfByte[symbol]];
        }
        for (int i = 0; i < above.length; i++) {
            first[classOfAbove[i]] = first[classOfAbove[i]] < 0 ? above[i] : first[classOfAbove[i]];
        }
        return first;
    }

    int count() {
        return count;
    }
}
