package io.bytelm.constraint.grammar;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.automaton.Nfa;
import io.bytelm.constraint.automaton.TransitionTable;
import java.util.function.IntPredicate;

/**
 * Builds one rule's automaton anew with fewer calls. With the beginning B of a rule, what it does before it calls itself
 * last P, and what it does after it called itself first R, the rule A = B | P A | A R derives the regular P* B R*.
 */
final class RuleRewriter {
    private static final int BYTES = RuleTables.BYTES;
    private static final int STEPS_PER_CALL = 4;

    private final RuleTables tables;
    private final int rule;
    private final boolean[] productive;
    private final IntPredicate inlined;
    private final CompileBudget budget;
    private final Nfa nfa;

    /**
     * @param productive calls of other rules are dropped
     * @param inlined whether the calls of a rule are to be replaced by its automaton
     */
    RuleRewriter(RuleTables tables, int rule, boolean[] productive, IntPredicate inlined, CompileBudget budget) {
        this.tables = tables;
        this.rule = rule;
        this.productive = productive;
        this.inlined = inlined;
        this.budget = budget;
        this.nfa = new Nfa(budget);
    }

    TransitionTable rewrite() {
        TransitionTable table = tables.table(rule);
        int[] states = addStates(table);
        for (int state = 0; state < states.length; state++) {
            addBytes(table, state, states[state], states, nfa.end());
            for (int callee : tables.callsOf(rule)) {
                budget.tick(STEPS_PER_CALL);
                int target = table.next(state, BYTES + callee);
                if (target >= 0) {
                    addCall(states[state], callee, states[target], isEnd(table, target));
                }
            }
        }
        addEntry(table, states);
        return TransitionTable.of(nfa, budget);
    }

    /** The first state again, never returned to but by the loop for a call of itself at its end. */
    private void addEntry(TransitionTable table, int[] states) {
        addBytes(table, 0, nfa.start(), states, nfa.end());
        for (int callee : tables.callsOf(rule)) {
            int target = table.next(0, BYTES + callee);
            if (target >= 0 && callee != rule) {
                addCall(nfa.start(), callee, states[target], false);
            } else if (target >= 0) {
                nfa.addEmptyEdge(nfa.end(), states[target]);
            }
        }
    }

    private void addCall(int from, int callee, int target, boolean atTheEnd) {
        if (!productive[callee]) {
            return;
        }
        if (callee == rule && atTheEnd) {
            nfa.addEmptyEdge(from, nfa.start());
        } else if (inlined.test(callee)) {
            addCopy(callee, from, target);
        } else {
            nfa.addEdge(from, BYTES + callee, BYTES + callee, target);
        }
    }

    private void addCopy(int callee, int from, int target) {
        TransitionTable table = tables.table(callee);
        int[] states = addStates(table);
        nfa.addEmptyEdge(from, states[0]);
        for (int state = 0; state < states.length; state++) {
            addBytes(table, state, states[state], states, target);
            for (int inner : tables.callsOf(callee)) {
                budget.tick(STEPS_PER_CALL);
                int next = table.next(state, BYTES + inner);
                if (next >= 0) {
                    nfa.addEdge(states[state], BYTES + inner, BYTES + inner, states[next]);
                }
            }
        }
    }

    private int[] addStates(TransitionTable table) {
        int[] states = new int[table.stateCount()];
        for (int state = 0; state < states.length; state++) {
            states[state] = nfa.addState();
        }
        return states;
    }

    /** What a state reads, in ranges of bytes with the same target, and whether it accepts. */
    private void addBytes(TransitionTable table, int state, int from, int[] states, int end) {
        if (table.accepting()[state]) {
            nfa.addEmptyEdge(from, end);
        }
        int b = 0;
        budget.tick(BYTES / 2);
        while (b < BYTES) {
            int target = table.next(state, b);
            int first = b;
            while (b < BYTES && table.next(state, b) == target) {
                b++;
            }
            if (target >= 0) {
                nfa.addEdge(from, first, b - 1, states[target]);
            }
        }
    }

    private boolean isEnd(TransitionTable table, int state) {
        budget.tick(table.classCount());
        for (int c = 0; c < table.classCount(); c++) {
            if (table.next()[state * table.classCount() + c] >= 0) {
                return false;
            }
        }
        return table.accepting()[state];
    }
}
