package io.bytelm.session;

import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.record.Observations;
import io.bytelm.record.Observations.Spans;
import io.bytelm.record.RejectedRecordException;
import io.bytelm.record.SessionState.Totals;
import io.bytelm.span.Span;
import io.bytelm.span.SpanProgress.Advanced;
import io.bytelm.span.Splitter;
import io.bytelm.span.WordEnd;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Watches the bytes of a session, for what it says beside its scores. Immutable.
 *
 * @param splitter of the spans' rule; null where the text is not split
 */
record Observer(Observations observations, @Nullable Splitter splitter) {
    /** @throws RejectedRecordException if the text cannot be split */
    static Observer of(Observations observations, Splitters splitters) throws RejectedRecordException {
        Spans spans = observations.spans();
        return new Observer(observations, spans == null ? null : splitters.of(spans.rule()));
    }

    /**
     * A byte later.
     *
     * @param ended the spans that are known to have ended
     */
    record Watched(Observer observer, List<Span> ended) {}

    /** What the reader is to be asked before a byte is read, and then both. */
    record Told(Observer observer, TextReader reader) {}

    /** Whether every byte has to be read by itself. */
    boolean wantsEveryByte() {
        return splitter != null;
    }

    /**
     * The moment before a byte is read: where a word ends with it, how probable that is.
     *
     * @param known the byte, and those after it
     * @param totals before it
     */
    Step<Told> before(int nextByte, TextReader reader, Lookahead known, Totals totals) {
        Spans spans = observations.spans();
        boolean asks = spans != null
                && splitter != null
                && spans.rule().tellsWordEnds()
                && spans.progress().endsWord(splitter, nextByte);
        return asks ? wordEnd(reader, known, totals) : Step.done(new Told(this, reader));
    }

    /** The moment at which the text ends. */
    Step<Told> atEnd(TextReader reader, Totals totals) {
        return asksAtEnd() ? wordEnd(reader, Lookahead.NONE, totals) : Step.done(new Told(this, reader));
    }

    /** Whether the reader is asked something at the text's end. */
    boolean asksAtEnd() {
        Spans spans = observations.spans();
        return spans != null
                && splitter != null
                && spans.rule().tellsWordEnds()
                && spans.progress().endsWordAtEnd(splitter);
    }

    private Step<Told> wordEnd(TextReader reader, Lookahead known, Totals totals) {
        return reader.predict(known).map(next -> {
            double logEnd = WordEnd.logProb(next.next());
            Spans spans = observations.spans();
            boolean isKnown = spans != null && Double.isFinite(logEnd);
            Observer told = isKnown && spans != null
                    ? with(spans.with(spans.progress().withWordEnd(totals.logLikelihood(), logEnd)))
                    : this;
            return new Told(told, next.reader());
        });
    }

    /** The byte has been read. */
    Watched after(byte readByte, Totals before, Totals after) {
        Spans spans = observations.spans();
        if (spans == null || splitter == null) {
            return new Watched(this, List.of());
        }
        Advanced advanced =
                spans.progress().advance(splitter, readByte, before.logLikelihood(), after.logLikelihood());
        return new Watched(with(spans.with(advanced.progress())), advanced.ended());
    }

    /** The spans that end where the text does. */
    List<Span> lastSpans(Totals totals) {
        Spans spans = observations.spans();
        return spans == null || splitter == null
                ? List.of()
                : spans.progress().end(splitter, totals.logLikelihood());
    }

    private Observer with(Spans spans) {
        return new Observer(new Observations(spans), splitter);
    }
}
