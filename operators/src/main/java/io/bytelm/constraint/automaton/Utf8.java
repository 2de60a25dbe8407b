package io.bytelm.constraint.automaton;

import io.bytelm.constraint.automaton.DigitTree.Digit;
import java.util.List;

/** Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above 0x10FFFF. */
public final class Utf8 implements CodePointEncoding {
    public static final Utf8 INSTANCE = new Utf8();

    private static final Digit CONTINUATION = byteOf(6, 0x80);
    private static final List<Digit> TWO_BYTES = List.of(byteOf(5, 0xC0), CONTINUATION);
    private static final List<Digit> THREE_BYTES = List.of(byteOf(4, 0xE0), CONTINUATION, CONTINUATION);
    private static final List<Digit> FOUR_BYTES = List.of(byteOf(3, 0xF0), CONTINUATION, CONTINUATION, CONTINUATION);

    private Utf8() {}

    private static Digit byteOf(int bits, int mark) {
        return new Digit(bits, (nfa, from, first, last, to) -> nfa.addEdge(from, mark | first, mark | last, to));
    }

    /** Whether a text has no surrogate without its other half. */
    public static boolean canEncode(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    @Override
    public CodePointSet universe() {
        return CodePointSet.SCALARS;
    }

    @Override
    public void addEdges(Nfa nfa, int from, CodePointSet set, int to) {
        for (int range = 0; range < set.rangeCount() && set.first(range) < 0x80; range++) {
            nfa.addEdge(from, set.first(range), Math.min(0x7F, set.last(range)), to);
        }
        if (set.containsAny(0x80, Character.MAX_CODE_POINT)) {
            nfa.budget().tick(4L * set.rangeCount());
            CodePointSet scalars = set.and(CodePointSet.SCALARS);
            addForms(nfa, from, scalars, 0x80, 0x7FF, TWO_BYTES, to);
            addForms(nfa, from, scalars, 0x800, 0xFFFF, THREE_BYTES, to);
            addForms(nfa, from, scalars, 0x10000, Character.MAX_CODE_POINT, FOUR_BYTES, to);
        }
    }

    private static void addForms(
            Nfa nfa, int from, CodePointSet scalars, int first, int last, List<Digit> digits, int to) {
        CodePointSet members = scalars.and(CodePointSet.range(first, last));
        DigitTree.addEdges(nfa, from, members, 0, digits, to);
    }
}
