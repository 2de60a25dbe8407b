package io.bytelm.constraint.regex;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.automaton.CodePointSet;
import org.jspecify.annotations.Nullable;

/** Escapes that stand for one code point of a set; the backslash has been read. */
final class EscapeParser {
    private static final int LAST_BYTE = 0xFF;

    private final PatternReader in;
    private final boolean anyByte;
    private final CompileBudget budget;

    EscapeParser(PatternReader in, boolean anyByte, CompileBudget budget) {
        this.in = in;
        this.anyByte = anyByte;
        this.budget = budget;
    }

    /** A code point that the pattern contains as itself. */
    int checkLiteral(int codePoint, int at) {
        checkScalar(codePoint, at);
        if (anyByte && codePoint > 0x7F) {
            throw in.unsupported(at, "a character outside ASCII where text is any bytes; write its bytes as \\xHH");
        }
        return codePoint;
    }

    /** Half of a surrogate pair is no character; written as an escape, it is a code point that occurs in no text. */
    private void checkScalar(int codePoint, int at) {
        if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
            throw in.syntax(at, "a surrogate without its other half, which UTF-8 cannot encode");
        }
    }

    /**
     * What an escape matches under the flags.
     *
     * @param at where the backslash is
     */
    CodePointSet parse(int at, Flags flags) {
        CodePointSet set = parseClass(at, flags);
        if (set != null) {
            return set;
        }
        return flags.fold(CodePointSet.of(parseCodePoint(at)), budget);
    }

    /** The same in a class: a code point is folded with the whole class. */
    CodePointSet parseMember(int at, Flags flags) {
        CodePointSet set = parseClass(at, flags);
        return set != null ? set : CodePointSet.of(parseCodePoint(at));
    }

    /** A class escape such as {@code \d}; null, with nothing read, if another escape comes. */
    private @Nullable CodePointSet parseClass(int at, Flags flags) {
        CodePointSet set = switch (in.peek()) {
            case 'd', 'D' -> CharacterSets.DIGIT;
            case 'w', 'W' -> CharacterSets.WORD;
            case 's', 'S' -> anyByte ? CharacterSets.ASCII_SPACE : CharacterSets.SPACE;
            default -> null;
        };
        if (set != null) {
            return outOf(set, Character.isUpperCase(in.read()), flags);
        }
        return in.peek() == 'p' || in.peek() == 'P' ? parseProperty(at, flags) : null;
    }

    /** A set or its complement; the complement is of all that the set matches, and so comes after the folding. */
    private CodePointSet outOf(CodePointSet set, boolean negated, Flags flags) {
        budget.tick(2L * set.rangeCount());
        CodePointSet folded = flags.fold(set, budget);
        return negated ? folded.complement() : folded;
    }

    private CodePointSet parseProperty(int at, Flags flags) {
        boolean negated = in.read() == 'P';
        if (anyByte) {
            throw in.unsupported(at, "\\p where text is any bytes");
        }
        String name = in.eat("{") ? in.readUntil("}", "\\p{") : Character.toString(Math.max(0, in.read()));
        if (name.startsWith("^")) {
            name = name.substring(1);
            negated = !negated;
        }
        CodePointSet set = UnicodeProperties.find(name);
        if (set == null) {
            throw in.unsupported(at, "the Unicode property " + name);
        }
        return outOf(set, negated, flags);
    }

    private int parseCodePoint(int at) {
        int codePoint = parseAnyCodePoint(at);
        if (anyByte && codePoint > LAST_BYTE) {
            throw in.unsupported(at, "a code point above 0xFF where text is any bytes");
        }
        return codePoint;
    }

    private int parseAnyCodePoint(int at) {
        int c = in.read();
        return switch (c) {
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'v' -> 0x0B;
            case 'f' -> '\f';
            case 'r' -> '\r';
            case '0' -> parseNul(at);
            case 'c' -> parseControl(at);
            case 'x' -> in.eat("{") ? parseBraced(at) : parseHex(2, at);
            case 'u' -> in.eat("{") ? parseBraced(at) : parseUtf16(at);
            case 'k', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> throw in.unsupported(at, "back references");
            case PatternReader.END -> throw in.syntax(at, "it ends with a backslash");
            default -> {
                if (Character.isLetterOrDigit(c)) {
                    throw in.unsupported(at, "the escape \\" + Character.toString(c));
                }
                yield checkLiteral(c, at);
            }
        };
    }

    private int parseNul(int at) {
        if (!in.readDigits(10, 1).isEmpty()) {
            throw in.unsupported(at, "octal escapes; write \\xHH");
        }
        return 0;
    }

    private int parseControl(int at) {
        int letter = in.read();
        if ((letter | 0x20) < 'a' || (letter | 0x20) > 'z') {
            throw in.syntax(at, "\\c must be followed by a letter");
        }
        return letter & 0x1F;
    }

    private int parseHex(int digits, int at) {
        String hex = in.readDigits(16, digits);
        if (hex.length() < digits) {
            throw in.syntax(at, "an escape needs " + digits + " hexadecimal digits");
        }
        return Integer.parseInt(hex, 16);
    }

    private int parseBraced(int at) {
        String hex = in.readDigits(16, 8);
        if (hex.isEmpty() || !in.eat("}") || Long.parseLong(hex, 16) > Character.MAX_CODE_POINT) {
            throw in.syntax(at, "an escape in braces needs a code point of at most 10FFFF in hexadecimal");
        }
        return Integer.parseInt(hex, 16);
    }

    /** Four hexadecimal digits after a {@code u}; a high and a low surrogate are one code point. */
    private int parseUtf16(int at) {
        int high = parseHex(4, at);
        int between = in.position();
        if (Character.isHighSurrogate((char) high) && in.eat("\\u") && !in.looksAt("{")) {
            int low = parseHex(4, between);
            if (Character.isLowSurrogate((char) low)) {
                return Character.toCodePoint((char) high, (char) low);
            }
        }
        in.backTo(between);
        return high;
    }
}
