package io.bytelm.session;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamRestart;
import io.bytelm.beam.EosMode;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.ReadOn;
import io.bytelm.beam.Step;
import io.bytelm.candidate.BeamContinuation;
import io.bytelm.candidate.Continuation;
import io.bytelm.canonical.KnownStretch;
import io.bytelm.record.OpenRequest;
import io.bytelm.record.Reading;
import io.bytelm.vocab.ByteCoverage;
import io.bytelm.vocab.Vocabulary;
import org.jspecify.annotations.Nullable;

/** Reads over all tokenizations. */
record BeamReader(Beam beam) implements TextReader {
    /** Before the first byte of a prompt, in which EOS tokens are ordinary ones. */
    static BeamReader initial(Vocabulary vocabulary, OpenRequest request) {
        Beam initial = Beam.initial(vocabulary.bosToken(), request.params());
        return new BeamReader(initial.withMode(EosMode.WITHOUT_EOS));
    }

    @Override
    public Step<TextReader> advance(Lookahead known) {
        return beam.prune().advance(known).map(BeamReader::new);
    }

    @Override
    public Step<TextReader> read(byte[] bytes, int from, int to) {
        return beam.read(bytes, from, to).map(BeamReader::new);
    }

    @Override
    public boolean readsAhead() {
        return false;
    }

    @Override
    public Step<TextReader> askingAhead(KnownStretch stretch) {
        return Step.done(this);
    }

    @Override
    public double logProb() {
        return beam.logZ();
    }

    @Override
    public @Nullable Double logProbUpper() {
        return null;
    }

    @Override
    public Step<Expected> predict(Lookahead known) {
        return beam.predict(known)
                .map(next -> new Expected(new BeamReader(next.beam()), next.next(), next.longestContext()));
    }

    @Override
    public int longestContext() {
        return beam.longestContext();
    }

    @Override
    public boolean hasEosTokens() {
        return beam.params().eosTokens().length > 0;
    }

    @Override
    public BeamReader afterPrompt(OpenRequest request) {
        return new BeamReader(beam.withMode(EosMode.WITH_EOS));
    }

    @Override
    public Step<Continuation> continuation() {
        return Step.done(new BeamContinuation(beam));
    }

    @Override
    public ByteCoverage tokens(ByteCoverage ofAll) {
        return ofAll;
    }

    @Override
    public Step<ReadOn<TextReader>> readOn(int b, boolean isStuck, ByteCoverage ofAll) {
        return new BeamRestart(beam, ofAll).read(b, isStuck).map(on -> on.with(new BeamReader(on.reader())));
    }

    @Override
    public Step<TextReader> informed() {
        return Step.done(this);
    }

    @Override
    public Reading stored() {
        return new Reading.All(beam.withoutMasses());
    }
}
