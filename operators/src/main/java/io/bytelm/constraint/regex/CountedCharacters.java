package io.bytelm.constraint.regex;

import io.bytelm.constraint.automaton.CodePointSet;
import io.bytelm.constraint.automaton.Expression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An expression that is one character so many times, such as that of <code>\p{L}{1,1000}</code>. Its automaton would need all
 * states of the character for each count; a counter beside the character's own needs them once.
 *
 * @param max {@link Expression#UNBOUNDED} for no limit
 */
public record CountedCharacters(CodePointSet set, int min, int max) {
    /** Ranges of the character times its counts; up to it the automaton counts by itself, which is faster. */
    private static final long MOST_RANGES_UNROLLED = 20_000;

    /** What an expression is, if it is long and all of it is one repetition; else null. */
    public static @Nullable CountedCharacters of(Expression expression) {
        if (!(onlyPart(expression) instanceof Expression.Repeat repeat)
                || !(onlyPart(repeat.body()) instanceof Expression.Chars chars)) {
            return null;
        }
        long copies = repeat.max() == Expression.UNBOUNDED ? repeat.min() : repeat.max();
        return copies * chars.set().rangeCount() > MOST_RANGES_UNROLLED
                ? new CountedCharacters(chars.set(), repeat.min(), repeat.max())
                : null;
    }

    /** What is left of an expression without alternatives of one branch and sequences of one part. */
    private static Expression onlyPart(Expression expression) {
        Expression at = expression;
        for (List<Expression> parts = partsOf(at); parts.size() == 1; parts = partsOf(at)) {
            at = parts.get(0);
        }
        return at;
    }

    private static List<Expression> partsOf(Expression expression) {
        if (expression instanceof Expression.Alternatives alternatives) {
            return alternatives.branches();
        }
        return expression instanceof Expression.Sequence sequence ? sequence.parts() : List.of();
    }
}
