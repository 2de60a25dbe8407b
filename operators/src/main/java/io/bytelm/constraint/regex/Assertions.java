package io.bytelm.constraint.regex;

import io.bytelm.constraint.automaton.CodePointSet;
import io.bytelm.constraint.automaton.Expression;

/** Positional assertions, all as look-arounds. */
final class Assertions {
    static final Expression TEXT_BEGIN = after(CodePointSet.ALL, true);
    static final Expression TEXT_END = before(CodePointSet.ALL, true);
    static final Expression WORD_BOUNDARY = wordBoundary(false);
    static final Expression NO_WORD_BOUNDARY = wordBoundary(true);

    private Assertions() {}

    static boolean isAssertion(Expression expression) {
        return expression instanceof Expression.LookAround
                || expression == WORD_BOUNDARY
                || expression == NO_WORD_BOUNDARY;
    }

    static Expression lineBegin(CodePointSet lineTerminators) {
        return after(lineTerminators.complement(), true);
    }

    static Expression lineEnd(CodePointSet lineTerminators) {
        return before(lineTerminators.complement(), true);
    }

    private static Expression wordBoundary(boolean negated) {
        CodePointSet word = CharacterSets.WORD;
        return Expression.anyOf(
                Expression.sequence(after(word, false), before(word, !negated)),
                Expression.sequence(after(word, true), before(word, negated)));
    }

    private static Expression after(CodePointSet set, boolean negated) {
        return new Expression.LookAround(false, negated, new Expression.Chars(set));
    }

    private static Expression before(CodePointSet set, boolean negated) {
        return new Expression.LookAround(true, negated, new Expression.Chars(set));
    }
}
