package io.bytelm.constraint.automaton;

/** How code points are written as bytes. No written code point is the beginning of another one. */
public interface CodePointEncoding {
    /** Every code point that can be written. */
    CodePointSet universe();

    /** Reads, between two states, any one member of a set in any of its written forms. */
    void addEdges(Nfa nfa, int from, CodePointSet set, int to);
}
