package io.bytelm.constraint.json;

import static io.bytelm.constraint.automaton.Expression.UNBOUNDED;
import static io.bytelm.constraint.automaton.Expression.anyOf;
import static io.bytelm.constraint.automaton.Expression.literal;
import static io.bytelm.constraint.automaton.Expression.sequence;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.automaton.CodePointSet;
import io.bytelm.constraint.automaton.Expression;
import io.bytelm.constraint.automaton.Expression.Automaton;
import io.bytelm.constraint.automaton.Expression.Chars;
import io.bytelm.constraint.automaton.Expression.Repeat;
import io.bytelm.constraint.automaton.ExpressionCompiler;

/** The tokens of RFC 8259 as expressions over text in UTF-8. */
public final class JsonText {
    /** What may be between two structural characters. */
    public static final Expression WHITESPACE = many(new Chars(CodePointSet.of(' ', '\t', '\n', '\r')));

    public static final Expression NUMBER = number();

    /** One character between quotes, in every form; escaped surrogates come in pairs. */
    public static final Expression CHARACTER = new Automaton(ExpressionCompiler.compile(
            new Chars(CodePointSet.ALL), JsonStringEncoding.ALL_FORMS, CompileBudget.start(CompileLimits.TRUSTED)));

    /** A string in quotes. */
    public static final Expression STRING = quoted(CHARACTER);

    /** A string in quotes; any four hexadecimal digits may be escaped. */
    public static final Expression STRING_WITH_LONE_SURROGATES = quoted(anyOf(CHARACTER, anyEscapedUnit()));

    private JsonText() {}

    /** A string in quotes. */
    static Expression string(Escapes escapes) {
        return quoted(new Automaton(ExpressionCompiler.compile(
                new Chars(CodePointSet.ALL), escapes.encoding(), CompileBudget.start(CompileLimits.TRUSTED))));
    }

    private static Expression number() {
        Expression digit = new Chars(CodePointSet.range('0', '9'));
        Expression digits = new Repeat(digit, 1, UNBOUNDED);
        Expression integer = anyOf(literal("0"), sequence(new Chars(CodePointSet.range('1', '9')), many(digit)));
        Expression fraction = sequence(literal("."), digits);
        Expression exponent =
                sequence(new Chars(CodePointSet.of('e', 'E')), optional(new Chars(CodePointSet.of('+', '-'))), digits);
        return sequence(optional(literal("-")), integer, optional(fraction), optional(exponent));
    }

    private static Expression anyEscapedUnit() {
        Expression hex = new Chars(CodePointSet.ofBounds('0', '9', 'A', 'F', 'a', 'f'));
        return sequence(literal("\\u"), new Repeat(hex, 4, 4));
    }

    private static Expression quoted(Expression character) {
        return sequence(literal("\""), many(character), literal("\""));
    }

    private static Expression many(Expression body) {
        return new Repeat(body, 0, UNBOUNDED);
    }

    private static Expression optional(Expression body) {
        return new Repeat(body, 0, 1);
    }
}
