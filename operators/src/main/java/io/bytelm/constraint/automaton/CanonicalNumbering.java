package io.bytelm.constraint.automaton;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Writes the blocks of a refined partition as a table: symbol classes in the order of their first symbol, states in
 * breadth-first order from the start.
 */
final class CanonicalNumbering {
    private final TransitionTable table;
    private final int[] stateOfBlock;
    private final int[] blockOfState;

    /** @param liveStates the states of the table that {@code blocks} partitions by their index in this array */
    CanonicalNumbering(TransitionTable table, int[] liveStates, Partition blocks) {
        this.table = table;
        this.stateOfBlock = new int[blocks.sets];
        this.blockOfState = new int[table.stateCount()];
        Arrays.fill(blockOfState, Nfa.NONE);
        for (int i = 0; i < liveStates.length; i++) {
            blockOfState[liveStates[i]] = blocks.setOf[i];
            stateOfBlock[blocks.setOf[i]] = liveStates[i];
        }
    }

    TransitionTable renumber() {
        int[] columnOfClass = new int[table.classCount()];
        IntArrayInterner columns = new IntArrayInterner();
        for (int c : classesInOrder()) {
            columnOfClass[c] = columns.intern(column(c));
        }
        return breadthFirst(table.symbols().renumbered(columnOfClass, columns.size()), columns);
    }

    /** The classes that have a symbol, in the order of their first one. */
    private int[] classesInOrder() {
        int[] first = table.symbols().representatives();
        return IntStream.range(0, first.length)
                .filter(c -> first[c] >= 0)
                .boxed()
                .sorted(Comparator.comparingInt(c -> first[c]))
                .mapToInt(c -> c)
                .toArray();
    }

    private int[] column(int symbolClass) {
        int[] column = new int[stateOfBlock.length];
        for (int block = 0; block < column.length; block++) {
            int next = table.next()[stateOfBlock[block] * table.classCount() + symbolClass];
            column[block] = next < 0 ? Nfa.NONE : blockOfState[next];
        }
        return column;
    }

    private TransitionTable breadthFirst(SymbolClasses symbols, IntArrayInterner columns) {
        int blocks = stateOfBlock.length;
        int[] numberOf = new int[blocks];
        Arrays.fill(numberOf, Nfa.NONE);
        int[] order = new int[blocks];
        order[0] = blockOfState[0];
        numberOf[order[0]] = 0;
        int numbered = 1;
        int[] next = new int[blocks * columns.size()];
        boolean[] accepting = new boolean[blocks];
        for (int n = 0; n < blocks; n++) {
            accepting[n] = table.accepting()[stateOfBlock[order[n]]];
            for (int c = 0; c < columns.size(); c++) {
                int target = columns.get(c)[order[n]];
                if (target >= 0 && numberOf[target] < 0) {
                    numberOf[target] = numbered;
                    order[numbered++] = target;
                }
                next[n * columns.size() + c] = target < 0 ? Nfa.NONE : numberOf[target];
            }
        }
        return new TransitionTable(symbols, next, accepting);
    }
}
