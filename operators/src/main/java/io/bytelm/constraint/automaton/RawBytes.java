package io.bytelm.constraint.automaton;

/** Code points 0 to 255 stand for the bytes of that value; any byte string is text. */
public final class RawBytes implements CodePointEncoding {
    public static final RawBytes INSTANCE = new RawBytes();

    private static final CodePointSet UNIVERSE = CodePointSet.range(0, 255);

    private RawBytes() {}

    @Override
    public CodePointSet universe() {
        return UNIVERSE;
    }

    @Override
    public void addEdges(Nfa nfa, int from, CodePointSet set, int to) {
        nfa.budget().tick(set.rangeCount());
        CodePointSet bytes = set.and(UNIVERSE);
        for (int range = 0; range < bytes.rangeCount(); range++) {
            nfa.addEdge(from, bytes.first(range), bytes.last(range), to);
        }
    }
}
