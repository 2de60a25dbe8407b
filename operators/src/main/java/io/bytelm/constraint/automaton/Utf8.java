package io.bytelm.constraint.automaton;

/** Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above 0x10FFFF. */
public final class Utf8 implements CodePointEncoding {
    public static final Utf8 INSTANCE = new Utf8();

    private Utf8() {}

    @Override
    public CodePointSet universe() {
        return CodePointSet.SCALARS;
    }

    @Override
    public void addEdges(Nfa nfa, int from, CodePointSet set, int to) {
        for (int range = 0; range < set.rangeCount() && set.first(range) < 0x80; range++) {
            nfa.addEdge(from, set.first(range), Math.min(0x7F, set.last(range)), to);
        }
        if (!set.containsAny(0x80, Character.MAX_CODE_POINT)) {
            return;
        }
        CodePointSet scalars = set.and(CodePointSet.SCALARS);
        Utf8Tails tails = new Utf8Tails(nfa, scalars, to);
        tails.addLeads(from, 0x80, 0x7FF, 0xC0, 1);
        tails.addLeads(from, 0x800, 0xFFFF, 0xE0, 2);
        tails.addLeads(from, 0x10000, Character.MAX_CODE_POINT, 0xF0, 3);
    }
}
