package io.bytelm.session;

import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.RejectedRecordException;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.DeadEnd;
import io.bytelm.record.SessionState.Ended;
import io.bytelm.record.SessionState.Open;
import io.bytelm.record.SessionState.Totals;
import io.bytelm.session.Observer.Told;
import io.bytelm.session.SessionOpening.Prompted;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the bytes of a record, or the session's end, do to a session that scores.
 *
 * @param writer of the record's scores
 */
record ScoredRecord(ScoringTerms terms, InputRecord record, ScoreWriter writer) {
    /** @param at how many of its bytes were read before */
    Step<Transition<SessionState>> bytes(@Nullable SessionState state, int at) {
        byte[] chunk = record.value();
        if (chunk == null) {
            return refused(state, Refusals.noValue(record));
        }
        if (state instanceof Ended) {
            return refused(state, Refusals.ended(record));
        }
        if (state instanceof DeadEnd) {
            return refused(state, Refusals.deadEnd(record));
        }
        if (state instanceof Open open) {
            return reading(
                    () -> new Told(terms.observer(open), terms.readers().restored(open.reading())),
                    refusal -> refused(open, Refusals.rejected(record, refusal)),
                    told -> ChunkScoring.run(
                            open,
                            told.reader(),
                            told.observer(),
                            chunk,
                            at,
                            terms.piece(),
                            writer,
                            terms.readers().vocabulary()));
        }
        return reading(
                () -> new Told(Observer.NOTHING, terms.readers().begin(terms.implicit())),
                refusal -> refused(state, Refusals.rejected(record, refusal)),
                from -> terms.opening()
                        .prompted(terms.implicit(), from.reader(), null, Integer.MAX_VALUE)
                        .then(prompted -> ScoringTerms.isDead(prompted)
                                ? Step.done(ScoringTerms.deadPrompt(prompted, writer))
                                : firstBytes(prompted, chunk)));
    }

    private Step<Transition<SessionState>> firstBytes(Prompted prompted, byte[] chunk) {
        Open open = ScoringTerms.opened(terms.implicit(), prompted);
        return reading(
                () -> new Told(terms.observer(open), prompted.reader()),
                refusal -> refused(null, Refusals.rejected(record, refusal)),
                told -> ChunkScoring.run(
                        open,
                        told.reader(),
                        told.observer(),
                        chunk,
                        0,
                        terms.piece(),
                        writer,
                        terms.readers().vocabulary()));
    }

    /** Makes what reads and watches a text. */
    private interface Making {
        Told make() throws RejectedRecordException;
    }

    private static Step<Transition<SessionState>> reading(
            Making making,
            Function<RejectedRecordException, Step<Transition<SessionState>>> onRefusal,
            Function<Told, Step<Transition<SessionState>>> then) {
        Told made;
        try {
            made = making.make();
        } catch (RejectedRecordException e) {
            return onRefusal.apply(e);
        }
        return then.apply(made);
    }

    /** @param at how many of its bytes were read before */
    Step<Transition<SessionState>> end(@Nullable SessionState state, int at) {
        if (!LastBytes.isIn(record)) {
            return ended(state);
        }
        if (state instanceof DeadEnd) { // no other bytes would help it, so it does not wait for them
            return ended(state).map(end -> end.butRefused(Refusals.lastBytesAfterDeadEnd(record)));
        }
        return LastBytes.of(bytes(state, at), after -> ended(after));
    }

    private Step<Transition<SessionState>> ended(@Nullable SessionState state) {
        if (state instanceof Open open) {
            return ended(open);
        }
        if (state instanceof DeadEnd deadEnd) {
            return committed(new Ended(), List.of(writer.endAfterDeadEnd(deadEnd)));
        }
        return refused(state, state == null ? Refusals.notOpen(record) : Refusals.ended(record));
    }

    /** The last score; a session that cannot be read any more ends with the numbers that it has. */
    private Step<Transition<SessionState>> ended(Open open) {
        Totals totals = open.totals();
        Score known = writer.scored(Event.END, totals, open.longestContext());
        return reading(
                () -> new Told(terms.observer(open), terms.readers().restored(open.reading())),
                refusal -> committed(new Ended(), List.of(known))
                        .map(ended -> ended.butRefused(Refusals.rejected(record, refusal))),
                read -> read.observer()
                        .atEnd(read.reader(), totals)
                        .then(told -> last(open, told.reader())
                                .then(score -> committed(new Ended(), lastOutputs(told, totals, score)))));
    }

    /** The score of a session that ends. */
    private Step<Score> last(Open open, TextReader reader) {
        Totals totals = open.totals();
        boolean hasEos = reader.hasEosTokens();
        if (!hasEos && open.emission().top() == 0) {
            return Step.done(writer.scored(Event.END, totals, open.longestContext()));
        }
        return reader.predict(Lookahead.NONE)
                .map(next -> hasEos
                        ? writer.endWithEos(totals, next, open.emission())
                        : writer.scored(Event.END, totals, next, open.emission()));
    }

    private List<OutputRecord> lastOutputs(Told told, Totals totals, Score score) {
        int longestContext = told.reader().longestContext();
        return writer.plusSpans(Outputs.NONE, told.observer().lastSpans(totals), longestContext)
                .plus(score.with(told.observer().anomaly(false)))
                .toList();
    }

    private static Step<Transition<SessionState>> refused(@Nullable SessionState state, DeadLetter letter) {
        return Step.done(Transition.refused(state, letter));
    }

    private static Step<Transition<SessionState>> committed(
            @Nullable SessionState state, List<? extends OutputRecord> outputs) {
        return Step.done(new Transition<>(state, List.copyOf(outputs)));
    }
}
