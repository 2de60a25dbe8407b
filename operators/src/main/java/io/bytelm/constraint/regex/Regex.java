package io.bytelm.constraint.regex;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.Recursion;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.CodePointEncoding;
import io.bytelm.constraint.automaton.DfaConstraint;
import io.bytelm.constraint.automaton.Expression;
import io.bytelm.constraint.automaton.ExpressionCompiler;
import io.bytelm.constraint.automaton.RawBytes;
import io.bytelm.constraint.automaton.RepeatedConstraint;
import io.bytelm.constraint.automaton.Utf8;

/**
 * Regular expressions as constraints. The syntax is that of ECMA-262 with the flag {@code u}, which JSON Schema's
 * {@code pattern} uses, more lenient where real patterns are, and with what RE2 and PCRE have in common:
 *
 * <ul>
 *   <li>{@code a|b}, {@code (...)}, {@code (?:...)}, {@code (?<name>...)}, {@code (?P<name>...)}, {@code (?#...)}
 *   <li>{@code * + ? {m} {m,} {m,n}}, each also lazy ({@code *?}), which is the same language
 *   <li>{@code .} is any code point but line feed, carriage return, U+2028 and U+2029
 *   <li>{@code [a-z] [^a-z]}; in it {@code \b} is a backspace; {@code []} is nothing and {@code [^]} anything
 *   <li>{@code \d \w} in ASCII, {@code \s} in Unicode as ECMA-262 has it, and {@code \D \W \S}
 *   <li>{@code \p{L} \p{Letter} \p{gc=L} \p{Script=Greek} \p{Greek} \p{Alphabetic} \pL}, and {@code \P}
 *   <li>{@code \t \n \v \f \r \0 \cA \xHH \x{H...}}, u before {@code HHHH} or {@code {H...}}, and a backslash before
 *       punctuation
 *   <li>{@code ^ $ \A \z}: the beginning and the end of the text, anywhere in the pattern; {@code \b \B} in ASCII
 *   <li>{@code (?=...) (?!...) (?<=...) (?<!...)}: exact, anywhere; not nested but for look-aheads in look-aheads
 *   <li>{@code (?i) (?s) (?m)} and {@code (?i:...)}, {@code (?-i)}; {@code i} is Unicode's simple case folding, and what is
 *       negated ({@code [^...] \W \D \S \P}) is all that its positive form does not match under {@code i} either. As in
 *       ECMA-262 with the flags {@code iu}, {@code \w} then has U+017F and U+212A, which fold to s and k, and {@code \W} has
 *       not; the dotted and the dotless i (U+0130, U+0131) are not alike to i, which they are in Java
 * </ul>
 *
 * Refused: back references, possessive quantifiers, atomic groups, conditionals, recursion, POSIX classes, octal escapes,
 * unknown letter escapes, and a {@code ]} that ends no class, as in Java's {@code [a-z&&[^b]]}. A repetition count is limited only by the compile limits.
 */
public final class Regex {
    private Regex() {}

    /**
     * The texts that match, as a constraint.
     *
     * @throws ConstraintException with the position in the pattern, if it is malformed, uses something that is refused,
     *     goes over the limits or matches nothing
     */
    public static Constraint compile(String pattern, RegexOptions options, CompileLimits limits) {
        return compile(pattern, options, CompileBudget.start(limits));
    }

    /** The same within what is left of a budget. */
    public static Constraint compile(String pattern, RegexOptions options, CompileBudget budget) {
        CodePointEncoding encoding = options.anyByte() ? RawBytes.INSTANCE : Utf8.INSTANCE;
        return Recursion.bounded(() -> compile(parse(pattern, options, budget), encoding, budget));
    }

    private static Constraint compile(Expression expression, CodePointEncoding encoding, CompileBudget budget) {
        CountedCharacters counted = CountedCharacters.of(expression);
        if (counted != null) {
            ByteDfa one = ExpressionCompiler.compile(new Expression.Chars(counted.set()), encoding, budget);
            if ((long) counted.min() * one.fewestBytesToAccept(0) < Cursor.VERY_MANY_BYTES && !one.isEmpty()) {
                return new RepeatedConstraint(one, counted.min(), counted.max());
            }
        }
        return new DfaConstraint(ExpressionCompiler.compile(expression, encoding, budget));
    }

    /** The texts that match, written in some encoding; can be empty. */
    public static ByteDfa compile(
            String pattern, RegexOptions options, CodePointEncoding encoding, CompileBudget budget) {
        return Recursion.bounded(() -> ExpressionCompiler.compile(parse(pattern, options, budget), encoding, budget));
    }

    /** The texts that match, as an expression for further use. */
    public static Expression parse(String pattern, RegexOptions options, CompileBudget budget) {
        return new RegexParser(pattern, options, budget).parse();
    }
}
