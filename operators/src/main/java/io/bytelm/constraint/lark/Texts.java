package io.bytelm.constraint.lark;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.automaton.CodePointSet;
import io.bytelm.constraint.automaton.Expression;
import io.bytelm.constraint.automaton.LookArounds;
import io.bytelm.constraint.automaton.Utf8;
import io.bytelm.constraint.regex.Regex;
import io.bytelm.constraint.regex.RegexOptions;

/** What strings, ranges and regular expressions of a grammar match. Used by one thread. */
final class Texts {
    private static final int CHARACTER_BYTES = 64;

    private final Places places;
    private final CompileBudget budget;

    Texts(Places places, CompileBudget budget) {
        this.places = places;
        this.budget = budget;
    }

    Expression expression(Token token) {
        return token.kind() == Token.Kind.STRING ? string(token) : regex(token);
    }

    private Expression string(Token token) {
        String flags = token.text().substring(token.text().lastIndexOf('"') + 1);
        if (!flags.isEmpty() && !flags.equals("i")) {
            throw places.unsupported(token.at(), "the flag " + flags + " of a string is not supported; allowed is i");
        }
        String characters = characters(token);
        budget.chargeMemory(CHARACTER_BYTES * (long) characters.length());
        if (flags.isEmpty()) {
            return Expression.literal(characters);
        }
        StringBuilder pattern = new StringBuilder();
        characters
                .codePoints()
                .forEach(c ->
                        pattern.append("\\x{").append(Integer.toHexString(c)).append('}'));
        return Regex.parse(pattern.toString(), RegexOptions.FULL_MATCH.withIgnoreCase(), budget);
    }

    /** One character of a range. */
    Expression range(Item.Range range) {
        int first = only(range.first());
        int last = only(range.last());
        if (last < first) {
            throw places.syntax(range.at(), "the range is out of order");
        }
        return new Expression.Chars(CodePointSet.ofBounds(new int[] {first, last}));
    }

    private int only(Token token) {
        String characters = characters(token);
        if (characters.isEmpty()
                || characters.codePointCount(0, characters.length()) != 1
                || !token.text().endsWith("\"")) {
            throw places.syntax(token.at(), "a range is from one character to another, as in \"a\"..\"z\"");
        }
        return characters.codePointAt(0);
    }

    /** The characters of a string in quotes. */
    String characters(Token token) {
        String quoted = token.text();
        int end = quoted.lastIndexOf('"');
        StringBuilder characters = new StringBuilder();
        for (int i = 1; i < end; i++) {
            char c = quoted.charAt(i);
            if (c != '\\') {
                characters.append(c);
                continue;
            }
            char escape = quoted.charAt(++i);
            int digits = "xuU".indexOf(escape) < 0 ? 0 : 2 << "xuU".indexOf(escape);
            characters.appendCodePoint(
                    digits == 0 ? escaped(escape, token.at() + i) : hex(quoted, i + 1, digits, token.at() + i));
            i += digits;
        }
        String text = characters.toString();
        if (!Utf8.canEncode(text)) {
            throw places.syntax(token.at(), "it holds half of a surrogate pair, which UTF-8 cannot encode");
        }
        return text;
    }

    private int escaped(char escape, int at) {
        return switch (escape) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'f' -> '\f';
            case 'b' -> '\b';
            case '\\', '"', '/', '\'' -> escape;
            default -> throw places.syntax(at, "an unknown escape; write \\\\ for a backslash");
        };
    }

    private int hex(String quoted, int begin, int digits, int at) {
        String written = begin + digits <= quoted.length() ? quoted.substring(begin, begin + digits) : "";
        if (!written.matches("[0-9a-fA-F]+")) {
            throw places.syntax(at, "the escape needs " + digits + " hexadecimal digits");
        }
        long value = Long.parseLong(written, 16);
        if (value > Character.MAX_CODE_POINT) {
            throw places.syntax(at, "the escape is above 10FFFF");
        }
        return (int) value;
    }

    private Expression regex(Token token) {
        int end = token.text().lastIndexOf('/');
        String pattern = token.text().substring(1, end);
        RegexOptions options = RegexOptions.FULL_MATCH.withDotButLineFeed();
        for (char flag : token.text().substring(end + 1).toCharArray()) {
            options = switch (flag) {
                case 'i' -> options.withIgnoreCase();
                case 's' -> options.withDotAll();
                case 'u' -> options; // which is so in any case
                default ->
                    throw places.unsupported(
                            token.at(), "the flag " + flag + " is not supported; allowed are i, s and u");
            };
        }
        try {
            Expression expression = Regex.parse(pattern, options, budget);
            if (LookArounds.areIn(expression)) {
                throw places.unsupported(
                        token.at(),
                        "^, $, \\b and look-arounds are not supported: a terminal does not see the text around it");
            }
            return expression;
        } catch (ConstraintException e) {
            throw e.getMessage() != null && e.getMessage().startsWith("the grammar, ")
                    ? e
                    : places.within(token.at(), "the regular expression", e);
        }
    }
}
