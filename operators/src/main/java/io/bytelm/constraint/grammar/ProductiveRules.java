package io.bytelm.constraint.grammar;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.automaton.TransitionTable;
import java.util.Set;

/** Which rules derive any text at all; by the usual fixpoint. */
final class ProductiveRules {
    private final RuleTables tables;
    private final CompileBudget budget;
    private final boolean[] productive;

    private ProductiveRules(RuleTables tables, CompileBudget budget) {
        this.tables = tables;
        this.budget = budget;
        this.productive = new boolean[tables.ruleCount()];
    }

    /** {@code [rules]}: whether each does. @param leaves rules that do in any case */
    static boolean[] find(RuleTables tables, Set<Integer> leaves, CompileBudget budget) {
        ProductiveRules rules = new ProductiveRules(tables, budget);
        leaves.forEach(leaf -> rules.productive[leaf] = true);
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int rule = tables.ruleCount() - 1; rule >= 0; rule--) {
                budget.tick();
                if (!rules.productive[rule] && rules.reachesItsEnd(rule)) {
                    rules.productive[rule] = true;
                    changed = true;
                }
            }
        }
        return rules.productive;
    }

    private boolean reachesItsEnd(int rule) {
        TransitionTable table = tables.table(rule);
        boolean[] usable = usableClasses(table);
        boolean[] seen = new boolean[table.stateCount()];
        int[] stack = new int[table.stateCount()];
        int size = 1;
        seen[0] = true;
        while (size > 0) {
            int state = stack[--size];
            if (table.accepting()[state]) {
                return true;
            }
            for (int c = 0; c < usable.length; c++) {
                budget.tick();
                int next = table.next()[state * usable.length + c];
                if (usable[c] && next >= 0 && !seen[next]) {
                    seen[next] = true;
                    stack[size++] = next;
                }
            }
        }
        return false;
    }

    private boolean[] usableClasses(TransitionTable table) {
        boolean[] usable = new boolean[table.classCount()];
        budget.tick(RuleTables.BYTES);
        for (int b = 0; b < RuleTables.BYTES; b++) {
            usable[table.classOf(b)] = true;
        }
        for (int symbol : table.symbolsAboveBytes()) {
            budget.tick();
            usable[table.classOf(symbol)] |= productive[symbol - RuleTables.BYTES];
        }
        return usable;
    }
}
