package io.bytelm.session;

import io.bytelm.beam.DeadEndKind;
import io.bytelm.beam.Step;
import io.bytelm.candidate.CandidateList;
import io.bytelm.record.InputRecord;
import io.bytelm.record.LeftOut;
import io.bytelm.record.OpenRequest;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.RejectedRecordException;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.DeadEnd;
import io.bytelm.record.SessionState.Open;
import io.bytelm.record.SessionState.Totals;
import io.bytelm.session.SessionOpening.Prompted;
import io.bytelm.span.SpanRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an {@code open} does to a session that scores.
 *
 * @param writer of what it says
 */
record OpeningRecord(ScoringTerms terms, InputRecord record, ScoreWriter writer) {
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
            request = OpenRequest.parse(
                    record.value(), terms.implicit(), terms.readers().vocabulary());
            terms.limits().check(request.params().width(), 1);
            requireSplittable(request.observing().spans());
            from = terms.readers().goingOn(request, resumed.opening());
        } catch (RejectedRecordException e) {
            return refused(state, Refusals.rejected(record, e));
        }
        byte[] value = record.value();
        int mostBytes = terms.piece().promptBytes(value == null ? 0 : value.length);
        return terms.opening()
                .prompted(request, from, resumed.opening(), mostBytes)
                .then(prompted -> {
                    if (!prompted.isComplete()) {
                        return Step.done(Transition.goingOn(prompted.partway(record.source(), state), List.of()));
                    }
                    return ScoringTerms.isDead(prompted)
                            ? Step.done(ScoringTerms.deadPrompt(prompted, writer))
                            : openedAndAsked(request, prompted);
                });
    }

    private void requireSplittable(@Nullable SpanRule rule) throws RejectedRecordException {
        if (rule != null) {
            terms.splitters().of(rule);
        }
    }

    private Step<Transition<SessionState>> openedAndAsked(OpenRequest request, Prompted prompted) {
        Open open = ScoringTerms.opened(request, prompted);
        Transition<SessionState> told = promptRead(open, prompted);
        CandidateList asked = request.candidates();
        return asked == null
                ? Step.done(told)
                : new AskingRecord(terms, record, writer)
                        .weighed(prompted.reader(), asked, open.totals())
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

    private static Step<Transition<SessionState>> refused(@Nullable SessionState state, DeadLetter letter) {
        return Step.done(Transition.refused(state, letter));
    }
}
