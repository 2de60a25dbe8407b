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
    /** Every form of every character. */
    public static final JsonStringEncoding ALL_FORMS = new JsonStringEncoding(CodePointSet.ALL);

    /** An escape only where the character cannot stand for itself: each has one form, or two for some controls. */
    public static final JsonStringEncoding SHORTEST_FORMS = new JsonStringEncoding(mustBeEscaped());

    private static final String SHORT_ESCAPES = "\"\"\\\\//b\bf\fn\nr\rt\t";
    private static final Digit HEX = hexDigit(4, 0, "");
    private static final List<Digit> UNIT = List.of(HEX, HEX, HEX, HEX);
    private static final List<Digit> PAIR =
            List.of(hexDigit(2, 0x8, "dD"), HEX, HEX, hexDigit(2, 0xC, "\\\\uudD"), HEX, HEX);

    private final CodePointSet escapable;

    /** @param escapable the characters that may be escaped; the rest only stand for themselves */
    private JsonStringEncoding(CodePointSet escapable) {
        this.escapable = escapable;
    }

    private static CodePointSet mustBeEscaped() {
        return CodePointSet.range(0, 0x1F).or(CodePointSet.of('"', '\\'));
    }

    @Override
    public CodePointSet universe() {
        return CodePointSet.SCALARS;
    }

    @Override
    public void addEdges(Nfa nfa, int from, CodePointSet set, int to) {
        nfa.budget().tick(6L * set.rangeCount());
        Utf8.INSTANCE.addEdges(nfa, from, set.minus(mustBeEscaped()), to);
        CodePointSet escaped = set.and(escapable).and(CodePointSet.SCALARS);
        if (escaped.isEmpty()) {
            return;
        }
        int afterBackslash = nfa.addState();
        nfa.addEdge(from, '\\', '\\', afterBackslash);
        for (int i = 0; i < SHORT_ESCAPES.length(); i += 2) {
            if (escaped.contains(SHORT_ESCAPES.charAt(i + 1))) {
                nfa.addEdge(afterBackslash, SHORT_ESCAPES.charAt(i), SHORT_ESCAPES.charAt(i), to);
            }
        }
        int afterU = nfa.addState();
        nfa.addEdge(afterBackslash, 'u', 'u', afterU);
        DigitTree.addEdges(nfa, afterU, escaped.and(CodePointSet.range(0, 0xFFFF)), 0, UNIT, to);
        CodePointSet paired = escaped.and(CodePointSet.range(0x10000, Character.MAX_CODE_POINT));
        DigitTree.addEdges(nfa, afterU, paired, 0x10000, PAIR, to);
    }

    /** @param before characters that are read first, each in one of two forms */
    private static Digit hexDigit(int bits, int offset, String before) {
        return new Digit(bits, (nfa, from, first, last, to) -> {
            int at = from;
            for (int i = 0; i < before.length(); i += 2) {
                int after = nfa.addState();
                nfa.addEdge(at, before.charAt(i), before.charAt(i), after);
                nfa.addEdge(at, before.charAt(i + 1), before.charAt(i + 1), after);
                at = after;
            }
            addHex(nfa, at, first + offset, last + offset, to);
        });
    }

    private static void addHex(Nfa nfa, int from, int first, int last, int to) {
        if (first <= 9) {
            nfa.addEdge(from, '0' + first, '0' + Math.min(9, last), to);
        }
        if (last >= 10) {
            int firstLetter = Math.max(10, first) - 10;
            nfa.addEdge(from, 'a' + firstLetter, 'a' + last - 10, to);
            nfa.addEdge(from, 'A' + firstLetter, 'A' + last - 10, to);
        }
    }
}
