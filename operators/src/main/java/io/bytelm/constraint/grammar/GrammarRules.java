package io.bytelm.constraint.grammar;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.DfaConstraint;
import io.bytelm.constraint.automaton.Expression;
import io.bytelm.constraint.automaton.TransitionTable;
import java.util.List;
import java.util.Map;

/**
 * A context-free grammar with regular right-hand sides.
 *
 * @param bodies one a rule; a rule is called by its index
 * @param leaves rules, by their index, that derive what a constraint accepts which is no automaton; their bodies do not matter
 * @param root the index of the rule that derives the whole text
 */
public record GrammarRules(List<Expression> bodies, Map<Integer, Constraint> leaves, int root) {
    /**
     * Compiles it on the calling thread. A grammar whose rules need no stack becomes a finite automaton.
     *
     * @throws io.bytelm.constraint.ConstraintException if it is over the budget or derives nothing
     */
    public Constraint compile(CompileBudget budget) {
        RuleTables tables = new GrammarCompiler(this, budget).compile();
        TransitionTable table = tables.table(root);
        if (tables.callsOf(root).length == 0 && !leaves.containsKey(root)) {
            return new DfaConstraint(ByteDfa.ofBytes(table, budget));
        }
        return new GrammarConstraint(new RuleNetwork(tables, leaves, root, budget));
    }
}
