package io.bytelm.constraint.json;

import io.bytelm.constraint.automaton.CodePointEncoding;
import io.bytelm.constraint.automaton.CodePointSet;
import io.bytelm.constraint.automaton.DigitTree;
import io.bytelm.constraint.automaton.DigitTree.Digit;
import io.bytelm.constraint.automaton.Nfa;
import io.bytelm.constraint.automaton.Utf8;
import java.util.List;

/**
 * The characters of a JSON string between its quotes (RFC 8259, section 7): as themselves in UTF-8 where that is allowed,
 * with a short escape where there is one, or as four hexadecimal digits; above U+FFFF as a pair of surrogates.
 */
public final class JsonStringEncoding implements CodePointEncoding {
    private static final CodePointSet MUST_BE_ESCAPED =
            CodePointSet.range(0, 0x1F).or(CodePointSet.of('"', '\\'));
    private static final CodePointSet SHORT = CodePointSet.of('"', '\\', '\b', '\f', '\n', '\r', '\t');
    private static final CodePointSet PRINTABLE_ASCII =
            CodePointSet.range(0x20, 0x7E).minus(MUST_BE_ESCAPED);

    /** Every form of every character. */
    public static final JsonStringEncoding ALL_FORMS =
            new JsonStringEncoding(CodePointSet.ALL.minus(MUST_BE_ESCAPED), CodePointSet.ALL, CodePointSet.ALL, true);

    /** An escape only where the character cannot stand for itself: each has one form, or two for some controls. */
    public static final JsonStringEncoding SHORTEST_FORMS =
            new JsonStringEncoding(CodePointSet.ALL.minus(MUST_BE_ESCAPED), MUST_BE_ESCAPED, MUST_BE_ESCAPED, true);

    /** Each character in the form of RFC 8785. */
    static final JsonStringEncoding MINIMAL = withShort(SHORT);

    /** The same, and a slash also with a backslash before it. */
    static final JsonStringEncoding WITH_SLASH = withShort(SHORT.or(CodePointSet.of('/')));

    /** Each character in one form, which is ASCII. */
    static final JsonStringEncoding ASCII = new JsonStringEncoding(
            PRINTABLE_ASCII, SHORT, CodePointSet.ALL.minus(PRINTABLE_ASCII).minus(SHORT), false);

    private static final CodePointSet WITH_SHORT_ESCAPE = SHORT.or(CodePointSet.of('/'));
    private static final String SHORT_ESCAPES = "\"\"\\\\//b\bf\fn\nr\rt\t";

    private final CodePointSet plain;
    private final CodePointSet shortened;
    private final CodePointSet hexadecimal;
    private final List<Digit> unit;
    private final List<Digit> pair;

    /**
     * @param plain the characters that may stand for themselves
     * @param shortened those that may have a short escape, if there is one
     * @param hexadecimal those that may be four hexadecimal digits
     * @param anyCase whether these are in upper and lower case; else in lower case
     */
    private JsonStringEncoding(CodePointSet plain, CodePointSet shortened, CodePointSet hexadecimal, boolean anyCase) {
        this.plain = plain;
        this.shortened = shortened;
        this.hexadecimal = hexadecimal.and(CodePointSet.SCALARS);
        String d = anyCase ? "dD" : "dd";
        Digit hex = hexDigit(4, 0, "", anyCase);
        this.unit = List.of(hex, hex, hex, hex);
        this.pair = List.of(hexDigit(2, 0x8, d, anyCase), hex, hex, hexDigit(2, 0xC, "\\\\uu" + d, anyCase), hex, hex);
    }

    private static JsonStringEncoding withShort(CodePointSet shortened) {
        return new JsonStringEncoding(
                CodePointSet.ALL.minus(MUST_BE_ESCAPED), shortened, MUST_BE_ESCAPED.minus(SHORT), false);
    }

    @Override
    public CodePointSet universe() {
        return CodePointSet.SCALARS;
    }

    @Override
    public void addEdges(Nfa nfa, int from, CodePointSet set, int to) {
        nfa.budget().tick(6L * set.rangeCount());
        Utf8.INSTANCE.addEdges(nfa, from, set.and(plain), to);
        CodePointSet escaped = set.and(shortened).and(WITH_SHORT_ESCAPE);
        CodePointSet digits = set.and(hexadecimal);
        if (escaped.isEmpty() && digits.isEmpty()) {
            return;
        }
        int afterBackslash = nfa.addState();
        nfa.addEdge(from, '\\', '\\', afterBackslash);
        for (int i = 0; i < SHORT_ESCAPES.length(); i += 2) {
            if (escaped.contains(SHORT_ESCAPES.charAt(i + 1))) {
                nfa.addEdge(afterBackslash, SHORT_ESCAPES.charAt(i), SHORT_ESCAPES.charAt(i), to);
            }
        }
        if (!digits.isEmpty()) {
            int afterU = nfa.addState();
            nfa.addEdge(afterBackslash, 'u', 'u', afterU);
            DigitTree.addEdges(nfa, afterU, digits.and(CodePointSet.range(0, 0xFFFF)), 0, unit, to);
            CodePointSet paired = digits.and(CodePointSet.range(0x10000, Character.MAX_CODE_POINT));
            DigitTree.addEdges(nfa, afterU, paired, 0x10000, pair, to);
        }
    }

    /** @param before characters that are read first, each in one of two forms */
    private static Digit hexDigit(int bits, int offset, String before, boolean anyCase) {
        return new Digit(bits, (nfa, from, first, last, to) -> {
            int at = from;
            for (int i = 0; i < before.length(); i += 2) {
                int after = nfa.addState();
                nfa.addEdge(at, before.charAt(i), before.charAt(i), after);
                nfa.addEdge(at, before.charAt(i + 1), before.charAt(i + 1), after);
                at = after;
            }
            addHex(nfa, at, first + offset, last + offset, to, anyCase);
        });
    }

    private static void addHex(Nfa nfa, int from, int first, int last, int to, boolean anyCase) {
        if (first <= 9) {
            nfa.addEdge(from, '0' + first, '0' + Math.min(9, last), to);
        }
        if (last >= 10) {
            int firstLetter = Math.max(10, first) - 10;
            nfa.addEdge(from, 'a' + firstLetter, 'a' + last - 10, to);
            if (anyCase) {
                nfa.addEdge(from, 'A' + firstLetter, 'A' + last - 10, to);
            }
        }
    }
}
