package io.bytelm.session;

import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import io.bytelm.record.Anomaly;
import io.bytelm.record.Emission;
import io.bytelm.record.Observations;
import io.bytelm.record.Observations.Spans;
import io.bytelm.record.RejectedRecordException;
import io.bytelm.record.SessionState.Totals;
import io.bytelm.record.Surprisals;
import io.bytelm.record.ToldPlaces;
import io.bytelm.span.Span;
import io.bytelm.span.SpanProgress.Advanced;
import io.bytelm.span.Splitter;
import io.bytelm.span.WordEnd;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Watches the bytes of a session, for what it says beside its log-likelihoods. Immutable.
 *
 * @param splitter of the spans' rule; null where the text is not split
 * @param ranks whether the rank of each byte is told
 * @param alertZ from which z on an alert is told; 0 for none
 * @param rank of the byte that comes, or has come last; null if it is not known
 */
record Observer(
        Observations observations,
        @Nullable Splitter splitter,
        boolean ranks,
        double alertZ,
        @Nullable Integer rank) {
    /** Watches nothing. */
    static final Observer NOTHING = new Observer(Observations.NONE, null, false, 0, null);

    private static final double LOG_2 = Math.log(2);

    /** @throws RejectedRecordException if the text cannot be split */
    static Observer of(Observations observations, Emission emission, double alertZ, Splitters splitters)
            throws RejectedRecordException {
        Spans spans = observations.spans();
        boolean ranks = observations.surprisals() != null && emission.when() == Emission.When.BYTE;
        return new Observer(observations, spans == null ? null : splitters.of(spans.rule()), ranks, alertZ, null);
    }

    /**
     * A byte later.
     *
     * @param ended the spans that are known to have ended
     * @param alerts whether an alert is to be told
     */
    record Watched(Observer observer, List<Span> ended, boolean alerts) {}

    /** What the reader is to be asked before a byte is read, and then both. */
    record Told(Observer observer, TextReader reader) {}

    /** The same with other observations, of the same kinds. */
    Observer with(Observations newObservations) {
        return new Observer(newObservations, splitter, ranks, alertZ, rank);
    }

    /** Whether every byte has to be read by itself. */
    boolean wantsEveryByte() {
        return splitter != null || observations.surprisals() != null;
    }

    /**
     * The moment before a byte is read: its rank, and where a word ends with it, how probable that is.
     *
     * @param known the byte, and those after it
     * @param totals before it
     */
    Step<Told> before(int nextByte, TextReader reader, Lookahead known, Totals totals) {
        Spans spans = observations.spans();
        boolean endsWord = spans != null
                && splitter != null
                && spans.rule().tellsWordEnds()
                && spans.progress().endsWord(splitter, nextByte);
        if (!ranks && !endsWord) {
            return Step.done(new Told(this, reader));
        }
        return reader.predict(known).map(expected -> {
            Observer ranked = ranks ? ranking(nextByte, expected.next()) : this;
            Observer told = endsWord ? ranked.endingWord(expected.next(), totals) : ranked;
            return new Told(told, expected.reader());
        });
    }

    private Observer ranking(int nextByte, NextByteDistribution next) {
        double logProb = next.logProb(nextByte);
        int found = (int) IntStream.range(0, Symbols.EOT)
                .filter(other -> next.logProb(other) >= logProb)
                .count();
        return new Observer(observations, splitter, ranks, alertZ, found);
    }

    /** The moment at which the text ends. */
    Step<Told> atEnd(TextReader reader, Totals totals) {
        Spans spans = observations.spans();
        boolean endsWord = spans != null
                && splitter != null
                && spans.rule().tellsWordEnds()
                && spans.progress().endsWordAtEnd(splitter);
        return endsWord
                ? reader.predict(Lookahead.NONE)
                        .map(expected -> new Told(endingWord(expected.next(), totals), expected.reader()))
                : Step.done(new Told(this, reader));
    }

    private Observer endingWord(NextByteDistribution next, Totals totals) {
        double logEnd = WordEnd.logProb(next);
        Spans spans = observations.spans();
        return spans == null || !Double.isFinite(logEnd)
                ? this
                : with(observations.with(spans.with(spans.progress().withWordEnd(totals.logLikelihood(), logEnd))));
    }

    /** The byte has been read. */
    Watched after(byte readByte, Totals before, Totals after) {
        Observations now = surprised((before.logLikelihood() - after.logLikelihood()) / LOG_2);
        boolean alerts = now.alerted() && !observations.alerted();
        Spans spans = now.spans();
        if (spans == null || splitter == null) {
            return new Watched(with(now), List.of(), alerts);
        }
        Advanced advanced = spans.progress().advance(splitter, readByte, before.logLikelihood(), after.logLikelihood());
        return new Watched(with(now.with(spans.with(advanced.progress()))), advanced.ended(), alerts);
    }

    private Observations surprised(double bits) {
        Surprisals before = observations.surprisals();
        if (before == null) {
            return observations;
        }
        Surprisals now = before.plus(bits);
        Double z = alertZ > 0 ? now.z() : null;
        return observations.with(now, z != null && z >= alertZ);
    }

    /**
     * The byte has been left out: it is part of a span, and of nothing else that is told.
     *
     * @param after with the byte
     */
    Watched leavingOut(byte leftOut, Totals after) {
        ToldPlaces places = observations.toldPlaces();
        Observations now = places == null ? observations : observations.withTold(places.leavingOut(after.bytes() - 1));
        Spans spans = now.spans();
        if (spans == null || splitter == null) {
            return new Watched(with(now), List.of(), false);
        }
        double same = after.logLikelihood();
        Advanced advanced = spans.progress().advance(splitter, leftOut, same, same);
        return new Watched(with(now.with(spans.with(advanced.progress()))), advanced.ended(), false);
    }

    /** The text is read on after a dead end, without tokens for the last so many bytes. */
    Observer losing(int bytes, Totals before) {
        ToldPlaces places = observations.toldPlaces();
        return places == null ? this : with(observations.withTold(places.losing(bytes, before.bytes())));
    }

    /** The spans that end where the text does. */
    List<Span> lastSpans(Totals totals) {
        Spans spans = observations.spans();
        return spans == null || splitter == null ? List.of() : spans.progress().end(splitter, totals.logLikelihood());
    }

    /**
     * How unusual the last bytes are; null if nobody asks.
     *
     * @param ofByte whether that is said of one byte, which has a rank
     */
    @Nullable
    Anomaly anomaly(boolean ofByte) {
        Surprisals surprisals = observations.surprisals();
        return surprisals == null
                ? null
                : new Anomaly(ofByte ? rank : null, surprisals.windowBitsPerByte(), surprisals.z());
    }
}
