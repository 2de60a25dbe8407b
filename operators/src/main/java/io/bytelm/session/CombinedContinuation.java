package io.bytelm.session;

import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.candidate.Continuation;
import io.bytelm.dist.Symbols;
import io.bytelm.record.Reading;

/** A text that several models read, which can be gone on with in several ways. */
record CombinedContinuation(TextReader reader) implements Continuation {
    private record At(TextReader reader, int at) {
        boolean isDead() {
            return reader.logProb() == Double.NEGATIVE_INFINITY;
        }
    }

    @Override
    public Step<Continuation> read(byte[] bytes, int from, int to) {
        return Step.loop(
                        new At(reader, from),
                        reading -> reading.at < to && !reading.isDead(),
                        reading -> reading.reader
                                .advance(Lookahead.of(bytes, reading.at))
                                .map(next -> new At(next, reading.at + 1)))
                .map(reading -> new CombinedContinuation(reading.reader));
    }

    @Override
    public double logProb() {
        return reader.logProb();
    }

    @Override
    public Step<TextEnd> end() {
        return reader.predict(Lookahead.NONE)
                .map(next -> new TextEnd(next.next().logProb(Symbols.EOS), next.longestContext()));
    }

    /** As many as the models keep contexts of. */
    @Override
    public int width() {
        Reading stored = reader.stored();
        return Math.max(1, stored.contexts().size());
    }

    @Override
    public int longestContext() {
        return reader.longestContext();
    }
}
