package io.bytelm.session;

import io.bytelm.beam.DeadEndKind;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.candidate.CandidateList;
import io.bytelm.candidate.CandidateScoring;
import io.bytelm.record.CandidateFields;
import io.bytelm.record.CandidatesRecord;
import io.bytelm.record.InputRecord;
import io.bytelm.record.LeftOut;
import io.bytelm.record.Observations;
import io.bytelm.record.OpenRequest;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.Reading;
import io.bytelm.record.RejectedRecordException;
import io.bytelm.record.SessionLimits;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.DeadEnd;
import io.bytelm.record.SessionState.Ended;
import io.bytelm.record.SessionState.Open;
import io.bytelm.record.SessionState.Totals;
import io.bytelm.session.Observer.Told;
import io.bytelm.session.SessionOpening.Prompted;
import io.bytelm.span.SpanRule;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a scoring session does with one record.
 *
 * @param implicit how a session is opened that begins with bytes, and what an {@code open} leaves out
 * @param limits what it may not go beyond
 * @param readers make readers of texts
 * @param splitters split texts into spans
 * @param opening how sessions begin
 * @param piece how much of the record is done at once
 * @param writer of the record's scores
 */
record ScoredRecord(
        OpenRequest implicit,
        SessionLimits limits,
        TextReaders readers,
        Splitters splitters,
        SessionOpening opening,
        PieceSize piece,
        InputRecord record,
        ScoreWriter writer) {
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
                    () -> new Told(observer(open), readers.restored(open.reading())),
                    refusal -> refused(open, letter(refusal)),
                    told -> ChunkScoring.run(
                            open, told.reader(), told.observer(), chunk, at, piece, writer, readers.vocabulary()));
        }
        return reading(
                () -> new Told(Observer.NOTHING, readers.begin(implicit)),
                refusal -> refused(state, letter(refusal)),
                from -> opening.prompted(implicit, from.reader(), null, Integer.MAX_VALUE)
                        .then(prompted -> isDead(prompted) ? deadPrompt(prompted) : firstBytes(prompted, chunk)));
    }

    private Step<Transition<SessionState>> firstBytes(Prompted prompted, byte[] chunk) {
        Open open = opened(implicit, prompted);
        return reading(
                () -> new Told(observer(open), prompted.reader()),
                refusal -> refused(null, letter(refusal)),
                told -> ChunkScoring.run(
                        open, told.reader(), told.observer(), chunk, 0, piece, writer, readers.vocabulary()));
    }

    private Observer observer(Open open) throws RejectedRecordException {
        return Observer.of(
                open.observations(), open.emission(), implicit.observing().alertZ(), splitters);
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

    private DeadLetter letter(RejectedRecordException refusal) {
        return new DeadLetter(record, refusal.reason(), String.valueOf(refusal.getMessage()));
    }

    Step<Transition<SessionState>> open(Resumed resumed) {
        SessionState state = resumed.state();
        if (state instanceof Open) {
            return refused(state, Refusals.alreadyOpen(record));
        }
        if (state instanceof DeadEnd) {
            return refused(state, Refusals.deadEnd(record));
        }
        OpenRequest request;
        TextReader from;
        try {
            request = OpenRequest.parse(record.value(), implicit, readers.vocabulary());
            limits.check(request.params().width(), 1);
            requireSplittable(request.observing().spans());
            from = readers.goingOn(request, resumed.opening());
        } catch (RejectedRecordException e) {
            return refused(state, letter(e));
        }
        byte[] value = record.value();
        int mostBytes = piece.promptBytes(value == null ? 0 : value.length);
        return opening.prompted(request, from, resumed.opening(), mostBytes).then(prompted -> {
            if (!prompted.isComplete()) {
                return Step.done(Transition.goingOn(prompted.partway(record.source(), state), List.of()));
            }
            return isDead(prompted) ? deadPrompt(prompted) : openedAndAsked(request, prompted);
        });
    }

    private Step<Transition<SessionState>> openedAndAsked(OpenRequest request, Prompted prompted) {
        Open open = opened(request, prompted);
        Transition<SessionState> told = promptRead(open, prompted);
        CandidateList asked = request.candidates();
        return asked == null
                ? Step.done(told)
                : weighed(prompted.reader(), asked, open.totals())
                        .map(record -> told.followedBy(new Transition<>(open, List.of(record))));
    }

    /** Tells once what of the prompt could not be read. */
    private Transition<SessionState> promptRead(Open open, Prompted prompted) {
        LeftOut leftOut = prompted.leftOut();
        DeadEndKind first = leftOut == null ? null : leftOut.first();
        if (leftOut == null || first == null) {
            return new Transition<>(open, List.of());
        }
        Totals ofPrompt = new Totals(0, 0, 0, 0, open.totals().logLikelihoodUpper(), leftOut.bytes());
        Score told = writer.readingOn(ofPrompt, prompted.reader().longestContext(), null, first);
        return new Transition<SessionState>(open, List.of(told)).skipping(leftOut.bytes());
    }

    private Step<CandidatesRecord> weighed(TextReader reader, CandidateList asked, Totals totals) {
        return reader.continuation()
                .then(text -> CandidateScoring.of(text, asked, limits.maxRequestsPerRound()))
                .map(scores -> writer.candidates(totals, scores));
    }

    /** What each of a list of continuations weighs; the session stays as it is. */
    Step<Transition<SessionState>> candidates(@Nullable SessionState state) {
        if (state instanceof Ended) {
            return refused(state, Refusals.ended(record));
        }
        if (state instanceof DeadEnd) {
            return refused(state, Refusals.deadEnd(record));
        }
        CandidateList asked;
        TextReader reader;
        try {
            asked = CandidateFields.parse(record.value());
            reader = state instanceof Open open ? readers.restored(open.reading()) : readers.begin(implicit);
            CandidateFields.requireEnd(asked, reader.hasEosTokens());
        } catch (RejectedRecordException e) {
            return refused(state, letter(e));
        }
        if (state instanceof Open open) {
            return weighed(reader, asked, open.totals()).map(told -> new Transition<>(open, List.of(told)));
        }
        return opening.prompted(implicit, reader, null, Integer.MAX_VALUE)
                .then(prompted -> isDead(prompted)
                        ? refused(state, Refusals.deadEnd(record))
                        : weighed(prompted.reader(), asked, before(prompted.reader()))
                                .map(told -> new Transition<>(state, List.of(told))));
    }

    private void requireSplittable(@Nullable SpanRule rule) throws RejectedRecordException {
        if (rule != null) {
            splitters.of(rule);
        }
    }

    /** Where all ways to read a text weigh nothing it can be followed no further than where there is none. */
    private static boolean isDead(Prompted prompted) {
        return DeadEnds.isDead(prompted.reader());
    }

    private static Open opened(OpenRequest request, Prompted prompted) {
        TextReader reader = prompted.reader();
        Reading reading = reader.stored();
        return new Open(
                reading,
                request.emission(),
                reader.logProb(),
                before(reader),
                Observations.begun(request.observing(), reading.settledTokens()),
                prompted.leftOut() == null ? null : LeftOut.NOTHING);
    }

    private static Totals before(TextReader reader) {
        return reader.logProbUpper() == null ? Totals.NONE : Totals.CERTIFIED;
    }

    private Step<Transition<SessionState>> deadPrompt(Prompted prompted) {
        TextReader reader = prompted.reader();
        DeadEnd deadEnd = new DeadEnd(before(reader), reader.longestContext());
        return committed(deadEnd, List.of(writer.deadEnd(deadEnd, null)));
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
                () -> new Told(observer(open), readers.restored(open.reading())),
                refusal -> committed(new Ended(), List.of(known)).map(ended -> ended.butRefused(letter(refusal))),
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
