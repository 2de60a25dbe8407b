package io.bytelm.constraint.whitespace;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Fingerprint;
import io.bytelm.constraint.automaton.ByteDfa;

/** Gaps that an automaton accepts, of at most so many bytes, in every place. A gap is its length and the automaton's state. */
final class PatternGaps implements Gaps {
    private final ByteDfa texts;
    private final int max;

    /** @param texts accepts nothing but white space, and also the empty text */
    PatternGaps(ByteDfa texts, int max) {
        this.texts = texts;
        this.max = max;
    }

    private int state(int gap) {
        return gap % texts.stateCount();
    }

    private int length(int gap) {
        return gap / texts.stateCount();
    }

    @Override
    public int next(int gap, int nextByte, Place place, int depth) {
        int next = texts.next(state(gap), nextByte);
        int length = length(gap) + 1;
        boolean fits = next >= 0 && texts.fewestBytesToAccept(next) <= max - length;
        return fits ? length * texts.stateCount() + next : DEAD;
    }

    @Override
    public ByteSet live(int gap, Place place, int depth) {
        return texts.live(state(gap), max - length(gap));
    }

    @Override
    public int fewestToEnd(int gap) {
        return texts.fewestBytesToAccept(state(gap));
    }

    @Override
    public boolean isGap(int gap) {
        return gap >= NOT_BEGUN && length(gap) <= max && fewestToEnd(gap) <= max - length(gap);
    }

    @Override
    public void addTo(Fingerprint fingerprint) {
        fingerprint.add(max).add(texts.fingerprint());
    }
}
