package io.bytelm.beam;

import io.bytelm.beam.PathMasses.Edge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Adaptive token healing: when no hypothesis can take the next symbol, look for another tokenization of the open bytes
 * that can. A hypothesis closes an earlier token, reads the bytes that it gave back again, closing further tokens where
 * it is stuck, and then takes the symbol. The first success, in beam order and from the longest token down, is the whole
 * new beam.
 */
final class Healing {
    private final Beam beam;
    private final int symbol;
    private final Lookahead known;

    Healing(Beam beam, int symbol, Lookahead known) {
        this.beam = beam;
        this.symbol = symbol;
        this.known = known;
    }

    /**
     * A step that counts one healing, unless the beam stays dead or its only hypothesis has no mass.
     *
     * @param hypotheses those of the beam, with their masses
     */
    Step<Beam> run(List<Hypothesis> hypotheses) {
        List<Replay> starts = hypotheses.stream()
                .filter(h -> !h.terminated())
                .flatMap(h -> starts(h).stream())
                .toList();
        Search none = new Search(0, Optional.empty());
        return Step.loop(
                        none,
                        search -> search.healed().isEmpty() && search.next() < starts.size(),
                        search ->
                                replay(starts.get(search.next())).map(healed -> new Search(search.next() + 1, healed)))
                .map(search -> beam.withHypotheses(search.healed().stream().toList()))
                .then(healed -> Step.done(healed).plusHealings(healed.logZ() == Double.NEGATIVE_INFINITY ? 0 : 1));
    }

    private record Search(int next, Optional<Hypothesis> healed) {}

    /** The tokens that may be closed instead of the open one, the longest first; the heaviest of equal ones. */
    private List<Replay> starts(Hypothesis hypothesis) {
        byte[] partial = hypothesis.partial();
        int shortest = Math.max(0, partial.length - beam.params().healMaxBackoff());
        List<Replay> starts = new ArrayList<>();
        for (int kept = partial.length; kept >= shortest; kept--) {
            byte[] givenBack = Arrays.copyOfRange(partial, kept, partial.length);
            hypothesis.closeTokenAt(kept, beam.mode()).stream()
                    .findFirst()
                    .ifPresent(closed -> starts.add(new Replay(closed, givenBack, 0, 0, Outcome.OPEN)));
        }
        return starts;
    }

    private enum Outcome {
        OPEN,
        HEALED,
        FAILED
    }

    /**
     * @param givenBack the bytes to read again before the symbol
     * @param read how many of them, and of the symbol after them, have been read
     * @param splits how many further tokens were closed on the way
     */
    private record Replay(Hypothesis hypothesis, byte[] givenBack, int read, int splits, Outcome outcome) {
        Replay with(Outcome newOutcome) {
            return new Replay(hypothesis, givenBack, read, splits, newOutcome);
        }
    }

    private Step<Optional<Hypothesis>> replay(Replay start) {
        return Step.loop(start, replay -> replay.outcome() == Outcome.OPEN, this::proceed)
                .map(end -> end.outcome() == Outcome.HEALED ? Optional.of(end.hypothesis()) : Optional.empty());
    }

    private Step<Replay> proceed(Replay at) {
        if (at.read() > at.givenBack().length) {
            return Step.done(at.with(Outcome.HEALED));
        }
        int next = at.read() < at.givenBack().length ? at.givenBack()[at.read()] & 0xFF : symbol;
        Hypothesis hypothesis = at.hypothesis();
        Edge edge = hypothesis.edge(next);
        if (edge == Edge.UNKNOWN) {
            return new Inquiry(beam.params(), toCome(at))
                    .toAdvance(hypothesis)
                    .map(asked -> new Replay(asked, at.givenBack(), at.read(), at.splits(), Outcome.OPEN));
        }
        return Step.done(
                edge == Edge.PRESENT
                        ? new Replay(hypothesis.read(next), at.givenBack(), at.read() + 1, at.splits(), Outcome.OPEN)
                        : split(at));
    }

    /** Closes the token that cannot go on. */
    private Replay split(Replay at) {
        List<Hypothesis> closed = at.hypothesis().extend(beam.mode());
        return at.splits() >= beam.params().healMaxSplits() || closed.isEmpty()
                ? at.with(Outcome.FAILED)
                : new Replay(closed.get(0), at.givenBack(), at.read(), at.splits() + 1, Outcome.OPEN);
    }

    private Lookahead toCome(Replay at) {
        byte[] givenBack = Arrays.copyOfRange(at.givenBack(), at.read(), at.givenBack().length);
        return Lookahead.of(known.after(givenBack), 0);
    }
}
