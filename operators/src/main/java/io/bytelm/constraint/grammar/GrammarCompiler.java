package io.bytelm.constraint.grammar;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.automaton.Expression;
import io.bytelm.constraint.automaton.ExpressionCompiler;
import io.bytelm.constraint.automaton.Nfa;
import io.bytelm.constraint.automaton.TransitionTable;
import io.bytelm.constraint.automaton.Utf8;
import java.util.function.IntPredicate;

/**
 * Turns each rule into a minimal automaton and then takes out as many calls as it can: calls of rules that derive nothing;
 * calls of rules that do not call themselves, by their automata; and calls of a rule by itself at its very beginning or
 * end, by loops. What is left needs a stack.
 */
final class GrammarCompiler {
    /** A larger rule stays a rule, so that rules which use each other twice do not grow without limit. */
    private static final int MOST_STATES_INLINED = 300;

    private static final int PASSES = 2;
    private final GrammarRules rules;
    private final CompileBudget budget;
    private final RuleTables tables;

    GrammarCompiler(GrammarRules rules, CompileBudget budget) {
        this.rules = rules;
        this.budget = budget;
        this.tables = new RuleTables(rules.bodies().size());
    }

    RuleTables compile() {
        for (int rule = 0; rule < tables.ruleCount(); rule++) {
            tables.put(rule, tableOf(rules.bodies().get(rule)));
        }
        boolean[] productive = ProductiveRules.find(tables, budget);
        if (!productive[rules.root()]) {
            throw new ConstraintException(
                    Reason.UNSATISFIABLE, "the rule root derives no text: every derivation goes on for ever");
        }
        int[] order = CallOrder.calleesFirst(tables, rules.root(), budget);
        boolean[] done = new boolean[tables.ruleCount()];
        for (int pass = 0; pass < PASSES; pass++) {
            for (int rule : order) {
                tables.put(rule, new RuleRewriter(tables, rule, productive, inlinable(rule, done), budget).rewrite());
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

    private IntPredicate inlinable(int caller, boolean[] done) {
        return callee -> done[callee]
                && callee != caller
                && !tables.callsItself(callee)
                && tables.table(callee).stateCount() <= MOST_STATES_INLINED;
    }
}
