package io.bytelm.constraint.schema.text;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.Recursion;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.Expression;
import io.bytelm.constraint.automaton.ExpressionCompiler;
import io.bytelm.constraint.regex.CountedCharacters;
import io.bytelm.constraint.regex.Regex;
import io.bytelm.constraint.regex.RegexOptions;

/**
 * The strings in which a pattern occurs, as a language and a range of lengths: {@link CountedCharacters} are "these characters
 * only, and so many of them", and lengths are counted by a register anyway.
 *
 * @param texts between the quotes
 * @param min code points
 * @param max code points; {@link Integer#MAX_VALUE} for no limit
 */
public record CountedPattern(ByteDfa texts, int min, int max) {
    /** @throws io.bytelm.constraint.ConstraintException if it is malformed, refused or over the budget */
    public static CountedPattern of(String pattern, CompileBudget budget) {
        return Recursion.bounded(() -> of(Regex.parse(pattern, RegexOptions.SEARCH, budget), budget));
    }

    private static CountedPattern of(Expression expression, CompileBudget budget) {
        CountedCharacters counted = CountedCharacters.of(expression);
        if (counted == null) {
            return new CountedPattern(compile(expression, budget), 0, Integer.MAX_VALUE);
        }
        Expression any = new Expression.Repeat(new Expression.Chars(counted.set()), 0, Expression.UNBOUNDED);
        return new CountedPattern(compile(any, budget), counted.min(), counted.max());
    }

    private static ByteDfa compile(Expression expression, CompileBudget budget) {
        return ExpressionCompiler.compile(expression, JsonStringEncoding.INSTANCE, budget);
    }
}
