package io.bytelm.combine;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.EosMode;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.vocab.Vocabulary;

/** Reads over all tokenizations. One that has run dry stays so, and asks for nothing. */
public record ModelBeam(Beam beam) implements ModelText {
    /** Before the first byte of a text, as {@link Beam#initial(Vocabulary, BeamParams)}. */
    public static Step<ModelText> initial(Vocabulary vocabulary, BeamParams params) {
        return Beam.initial(vocabulary, params).map(ModelBeam::new);
    }

    @Override
    public Step<ModelText> advance(Lookahead known) {
        return isAlive() ? beam.prune().advance(known).map(ModelBeam::new) : Step.done(dead());
    }

    @Override
    public Step<ModelText> read(byte[] bytes, int from, int to) {
        return beam.read(bytes, from, to).map(ModelBeam::new);
    }

    @Override
    public Step<Expected> predict(Lookahead known) {
        return (isAlive() ? beam : beam.died())
                .predict(known)
                .map(next -> new Expected(new ModelBeam(next.beam()), next.next(), next.longestContext()));
    }

    private ModelBeam dead() {
        return new ModelBeam(beam.died());
    }

    @Override
    public double logProb() {
        return beam.logZ();
    }

    @Override
    public ModelBeam normalized() {
        return new ModelBeam(beam.normalized());
    }

    @Override
    public ModelBeam withMode(EosMode mode) {
        return new ModelBeam(beam.withMode(mode));
    }

    @Override
    public boolean hasEosTokens() {
        return beam.params().eosTokens().length > 0;
    }

    @Override
    public int longestContext() {
        return beam.longestContext();
    }
}
