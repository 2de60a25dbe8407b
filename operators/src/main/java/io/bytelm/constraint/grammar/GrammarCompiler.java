package io.bytelm.constraint.grammar;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.automaton.Expression;
import io.bytelm.constraint.automaton.ExpressionCompiler;
import io.bytelm.constraint.automaton.Nfa;
import io.bytelm.constraint.automaton.TransitionTable;
import io.bytelm.constraint.automaton.Utf8;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Turns each rule into a minimal automaton and then takes out as many calls as it can: calls of rules that derive nothing;
 * calls of rules that do not call themselves, by their automata; and calls of a rule by itself at its very beginning or
 * end, by loops. What is left needs a stack.
 */
final class GrammarCompiler {
    /** A larger rule stays a rule, so that rules which use each other twice do not grow without limit. */
    private static final int MOST_STATES_INLINED = 300;

    /**
     * All copies together: above it a counted call stays a call, so that {@code item{5000}} costs a state for each count and not
     * one for each state of the item.
     */
    private static final int MOST_STATES_COPIED = 60_000;

    private static final int PASSES = 2;
    private final GrammarRules rules;
    private final CompileBudget budget;
    private final RuleTables tables;
    private long copiesLeft = MOST_STATES_COPIED;

    GrammarCompiler(GrammarRules rules, CompileBudget budget) {
        this.rules = rules;
        this.budget = budget;
        this.tables = new RuleTables(rules.bodies().size());
    }

    RuleTables compile() {
        for (int rule = 0; rule < tables.ruleCount(); rule++) {
            tables.put(rule, tableOf(rules.bodies().get(rule)));
        }
        boolean[] productive = ProductiveRules.find(tables, rules.leaves().keySet(), budget);
        if (!productive[rules.root()]) {
            throw new ConstraintException(
                    Reason.UNSATISFIABLE, "the grammar derives no text: every derivation goes on for ever");
        }
        int[] order = CallOrder.calleesFirst(tables, rules.root(), budget);
        boolean[] done = new boolean[tables.ruleCount()];
        for (int pass = 0; pass < PASSES; pass++) {
            for (int rule : order) {
                if (tables.callsOf(rule).length > 0) { // else there is nothing to take out
                    IntPredicate inlined = inlined(rule, done)::contains;
                    tables.put(rule, new RuleRewriter(tables, rule, productive, inlined, budget).rewrite());
                }
                done[rule] = true;
            }
        }
        return tables;
    }

    private TransitionTable tableOf(Expression body) {
        Nfa nfa = new Nfa(budget);
        ExpressionCompiler.addTo(nfa, nfa.start(), body, nfa.end(), Utf8.INSTANCE, budget);
        return TransitionTable.of(nfa, budget);
    }

    /** The rules whose automata replace the calls of them in another one. */
    private Set<Integer> inlined(int caller, boolean[] done) {
        Set<Integer> inlined = new HashSet<>();
        for (int callee : tables.callsOf(caller)) {
            if (done[callee] && callee != caller && isInlinable(caller, callee)) {
                inlined.add(callee);
            }
        }
        return inlined;
    }

    private boolean isInlinable(int caller, int callee) {
        TransitionTable table = tables.table(callee);
        if (rules.leaves().containsKey(callee)) {
            return false;
        }
        if (tables.callsItself(callee) || table.stateCount() > MOST_STATES_INLINED) {
            return false;
        }
        long copies = (long) table.stateCount() * calls(caller, callee);
        boolean readsNothing =
                table.accepting()[0]; // counted calls that may read nothing could be read in too many ways
        if (copies > copiesLeft && !readsNothing) {
            return false;
        }
        copiesLeft -= copies;
        return true;
    }

    private int calls(int caller, int callee) {
        TransitionTable table = tables.table(caller);
        budget.tick(table.stateCount());
        int calls = 0;
        for (int state = 0; state < table.stateCount(); state++) {
            calls += table.next(state, RuleTables.BYTES + callee) >= 0 ? 1 : 0;
        }
        return calls;
    }
}
