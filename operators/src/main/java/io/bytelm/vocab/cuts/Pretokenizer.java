package io.bytelm.vocab.cuts;

import io.bytelm.vocab.cuts.Splitter.Next;
import io.bytelm.vocab.cuts.Splitter.Way;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Steps that cut a text, each one the pieces of the step before. Immutable, safe for any thread. */
public final class Pretokenizer {
    /** Cuts nowhere: the whole text is one piece. */
    public static final Pretokenizer NONE = new Pretokenizer(List.of(), 0);

    private final List<Splitter> steps;
    private final int fingerprint;

    private Pretokenizer(List<Splitter> steps, int fingerprint) {
        this.steps = List.copyOf(steps);
        this.fingerprint = fingerprint;
    }

    /**
     * This one, then a step that cuts around the matches of a pattern.
     *
     * @param gaps whether text between the matches is a piece too; otherwise it is lost, and no text that has such is
     *     followed
     * @throws UnknownPatternException if the pattern has something that is not understood
     */
    public Pretokenizer then(String pattern, boolean gaps) {
        List<Splitter> more = new ArrayList<>(steps);
        Splitter step = new Splitter(PatternParser.parse(pattern), gaps);
        more.add(step);
        int ofStep = 31 * (31 * pattern.hashCode() + step.program().layout()) + Boolean.hashCode(gaps);
        return new Pretokenizer(more, 31 * fingerprint + ofStep);
    }

    /** A hash of the steps, and of how the states of their ways are numbered; the same in every JVM. */
    public int fingerprint() {
        return fingerprint;
    }

    int steps() {
        return steps.size();
    }

    boolean cutsNowhere() {
        return steps.isEmpty();
    }

    /** Before the first character, one way a step. */
    List<Way> start() {
        return Collections.nCopies(steps.size(), Splitter.START);
    }

    /**
     * What becomes of a way.
     *
     * @param ways one a step
     * @param cut whether any step has a cut before the character
     */
    record Ways(List<Way> ways, boolean cut) {}

    List<Ways> read(List<Way> ways, int character) {
        List<Ways> all = List.of(new Ways(List.of(), false));
        for (int i = 0; i < steps.size(); i++) {
            List<Ways> longer = new ArrayList<>();
            for (Ways before : all) {
                for (Next next : readAt(i, ways.get(i), before.cut, character)) {
                    List<Way> together = new ArrayList<>(before.ways);
                    together.add(next.way());
                    longer.add(new Ways(together, before.cut || next.cut()));
                }
            }
            all = longer;
        }
        return all;
    }

    /** A step ends where the one before has cut, and begins anew. */
    private List<Next> readAt(int step, Way way, boolean cut, int character) {
        Splitter splitter = steps.get(step);
        if (!cut) {
            return splitter.read(way, character);
        }
        return splitter.mayEnd(way) ? splitter.read(Splitter.START, character) : List.of();
    }

    boolean mayEnd(List<Way> ways) {
        for (int i = 0; i < steps.size(); i++) {
            if (!steps.get(i).mayEnd(ways.get(i))) {
                return false;
            }
        }
        return true;
    }
}
