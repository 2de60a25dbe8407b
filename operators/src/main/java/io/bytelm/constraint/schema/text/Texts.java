package io.bytelm.constraint.schema.text;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.CodePointSet;
import io.bytelm.constraint.automaton.Expression;
import io.bytelm.constraint.automaton.ExpressionCompiler;
import io.bytelm.constraint.automaton.Literals;
import io.bytelm.constraint.automaton.Utf8;
import io.bytelm.constraint.regex.Regex;
import io.bytelm.constraint.regex.RegexOptions;
import java.util.Collection;

/** The automata that every schema needs, made once. Strings are without their quotes. */
public final class Texts {
    /** Accepts nothing. */
    public static final ByteDfa NOTHING = string(new Expression.Chars(CodePointSet.NONE));
    /** Every string. */
    public static final ByteDfa ANY_STRING =
            string(new Expression.Repeat(new Expression.Chars(CodePointSet.SCALARS), 0, Expression.UNBOUNDED));
    /** Every number as JSON writes it, exponents too. */
    public static final ByteDfa ANY_NUMBER = number("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");
    /** Every number, with an exponent of at most two digits: what a double can hold. */
    public static final ByteDfa SMALL_EXPONENTS = number("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]{1,2})?");
    /** The plain numbers without a superfluous zero, point or sign: zero has none. */
    public static final ByteDfa SHORTEST_FORMS = number("0|-?([1-9][0-9]*(\\.[0-9]*[1-9])?|0\\.[0-9]*[1-9])");
    /** Every number without an exponent: the texts among which constrained numbers are chosen. */
    public static final ByteDfa PLAIN_NUMBERS = number("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");
    /** The plain numbers whose value is an integer; {@code 1.0} is one. */
    public static final ByteDfa INTEGER_VALUES = number("-?(0|[1-9][0-9]*)(\\.0+)?");
    /** The integers without a fraction. */
    public static final ByteDfa INTEGER_FORMS = number("-?(0|[1-9][0-9]*)");

    private Texts() {}

    private static CompileBudget budget() {
        return CompileBudget.start(CompileLimits.TRUSTED);
    }

    private static ByteDfa string(Expression expression) {
        return ExpressionCompiler.compile(expression, JsonStringEncoding.INSTANCE, budget());
    }

    private static ByteDfa number(String regex) {
        return numbers(regex, budget());
    }

    /** The ASCII texts that a regular expression matches in full. */
    static ByteDfa numbers(String regex, CompileBudget budget) {
        return Regex.compile(regex, RegexOptions.FULL_MATCH, Utf8.INSTANCE, budget);
    }

    /** The strings in which a pattern occurs. */
    public static ByteDfa matching(String pattern, CompileBudget budget) {
        return Regex.compile(pattern, RegexOptions.SEARCH, JsonStringEncoding.INSTANCE, budget);
    }

    /** The strings that a pattern matches in full. */
    static ByteDfa matchingInFull(String pattern, CompileBudget budget) {
        return Regex.compile(pattern, RegexOptions.FULL_MATCH, JsonStringEncoding.INSTANCE, budget);
    }

    /** These strings. */
    public static ByteDfa strings(Collection<String> strings, CompileBudget budget) {
        return Literals.of(strings.stream().map(JsonStringEncoding::encode).toList(), budget);
    }
}
