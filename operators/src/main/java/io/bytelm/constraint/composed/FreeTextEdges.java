package io.bytelm.constraint.composed;

import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.Nfa;
import java.util.Arrays;

/** Adds free text to an automaton: a search beside the automaton of all texts. Used once. */
final class FreeTextEdges {
    /** In the place of a state: there is no way on. */
    static final int NOWHERE = -1;

    private static final int BYTES = 256;

    private final Nfa nfa;
    private final Search search;
    private final ByteDfa texts;
    private final int[] exits;
    private final int[] stateOfPair;

    /** @param exits where the text goes on behind each of the search's strings, or NOWHERE */
    FreeTextEdges(Nfa nfa, Search search, Alphabet alphabet, int[] exits) {
        this.nfa = nfa;
        this.search = search;
        this.texts = alphabet.texts();
        this.exits = exits;
        int pairs = search.stateCount() * texts.stateCount();
        nfa.budget().requireMemory(8L * pairs);
        this.stateOfPair = new int[pairs];
        Arrays.fill(stateOfPair, NOWHERE);
    }

    /**
     * Adds it.
     *
     * @param end where the text goes on if it ends before any string is found; NOWHERE if it must not
     */
    void add(int from, int end) {
        int[] open = new int[stateOfPair.length];
        int opened = 0;
        open[opened++] = 0;
        stateOfPair[0] = nfa.addState();
        nfa.addEmptyEdge(from, stateOfPair[0]);
        for (int done = 0; done < opened; done++) {
            int pair = open[done];
            if (end != NOWHERE && texts.accepting(pair % texts.stateCount())) {
                nfa.addEmptyEdge(stateOfPair[pair], end);
            }
            nfa.budget().tick(BYTES);
            for (int b = 0; b < BYTES; b++) {
                int next = pairAfter(pair, b);
                if (next != NOWHERE && !isFound(next) && stateOfPair[next] == NOWHERE) {
                    stateOfPair[next] = nfa.addState();
                    open[opened++] = next;
                }
            }
            addRanges(pair);
        }
    }

    private void addRanges(int pair) {
        int b = 0;
        while (b < BYTES) {
            int target = target(pair, b);
            int first = b;
            while (b < BYTES && target(pair, b) == target) {
                b++;
            }
            if (target != NOWHERE) {
                nfa.addEdge(stateOfPair[pair], first, b - 1, target);
            }
        }
    }

    private int target(int pair, int nextByte) {
        int next = pairAfter(pair, nextByte);
        if (next == NOWHERE) {
            return NOWHERE;
        }
        return isFound(next) ? exits[search.found(next / texts.stateCount())] : stateOfPair[next];
    }

    private boolean isFound(int pair) {
        return search.found(pair / texts.stateCount()) >= 0;
    }

    private int pairAfter(int pair, int nextByte) {
        int inTexts = texts.next(pair % texts.stateCount(), nextByte);
        int inSearch = search.next(pair / texts.stateCount(), nextByte);
        return inTexts < 0 ? NOWHERE : inSearch * texts.stateCount() + inTexts;
    }
}
