package io.bytelm.constraint.grammar;

import io.bytelm.constraint.automaton.TransitionTable;
import java.util.Arrays;

/** The automaton of each rule over bytes and calls: symbol {@code 256 + rule} is a call of that rule. */
final class RuleTables {
    static final int BYTES = 256;

    private final TransitionTable[] tables;
    private final int[][] calls;

    RuleTables(int rules) {
        this.tables = new TransitionTable[rules];
        this.calls = new int[rules][];
    }

    int ruleCount() {
        return tables.length;
    }

    void put(int rule, TransitionTable table) {
        tables[rule] = table;
        calls[rule] = callsIn(table);
    }

    TransitionTable table(int rule) {
        return tables[rule];
    }

    /** The rules that a rule's automaton calls, ascending. */
    int[] callsOf(int rule) {
        return calls[rule];
    }

    boolean callsItself(int rule) {
        return Arrays.binarySearch(calls[rule], rule) >= 0;
    }

    private static int[] callsIn(TransitionTable table) {
        return Arrays.stream(table.symbolsAboveBytes())
                .map(symbol -> symbol - BYTES)
                .toArray();
    }
}
