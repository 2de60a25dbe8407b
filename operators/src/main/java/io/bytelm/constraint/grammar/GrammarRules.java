package io.bytelm.constraint.grammar;

import io.bytelm.constraint.automaton.Expression;
import java.util.List;

/**
 * A context-free grammar with regular right-hand sides.
 *
 * @param bodies one a rule; a rule is called by its index
 * @param root the index of the rule that derives the whole text
 */
record GrammarRules(List<Expression> bodies, int root) {}
