package io.bytelm.candidate;

import io.bytelm.beam.Beam;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.dist.Symbols;

/**
 * Over all tokenizations, as far as the beam follows them: with its width and threshold along each way, so that a candidate
 * weighs what it would weigh alone.
 *
 * @param beam not pruned
 */
public record BeamContinuation(Beam beam) implements Continuation {
    private record Reading(Beam beam, int at) {
        boolean isDead() {
            return beam.logZ() == Double.NEGATIVE_INFINITY;
        }
    }

    @Override
    public Step<Continuation> read(byte[] bytes, int from, int to) {
        return Step.loop(
                        new Reading(beam, from),
                        reading -> reading.at < to && !reading.isDead(),
                        reading -> reading.beam
                                .prune()
                                .advance(Lookahead.of(bytes, reading.at))
                                .map(next -> new Reading(next, reading.at + 1)))
                .map(reading -> new BeamContinuation(reading.beam));
    }

    @Override
    public double logProb() {
        return beam.logZ();
    }

    @Override
    public Step<TextEnd> end() {
        return beam.predict(Lookahead.NONE)
                .map(next -> new TextEnd(next.next().logProb(Symbols.EOS), next.longestContext()));
    }

    @Override
    public int width() {
        return beam.params().width();
    }

    @Override
    public int longestContext() {
        return beam.longestContext();
    }
}
