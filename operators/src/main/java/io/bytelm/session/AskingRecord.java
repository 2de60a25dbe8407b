package io.bytelm.session;

import io.bytelm.beam.Step;
import io.bytelm.candidate.CandidateList;
import io.bytelm.candidate.CandidateScoring;
import io.bytelm.record.CandidateFields;
import io.bytelm.record.CandidatesRecord;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.RejectedRecordException;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.DeadEnd;
import io.bytelm.record.SessionState.Ended;
import io.bytelm.record.SessionState.Open;
import io.bytelm.record.SessionState.Totals;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a record says that asks a session what continuations weigh; the session stays as it is.
 *
 * @param writer of what it says
 */
record AskingRecord(ScoringTerms terms, InputRecord record, ScoreWriter writer) {
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
            reader = state instanceof Open open
                    ? terms.readers().restored(open.reading())
                    : terms.readers().begin(terms.implicit());
            CandidateFields.requireEnd(asked, reader.hasEosTokens());
        } catch (RejectedRecordException e) {
            return refused(state, Refusals.rejected(record, e));
        }
        if (state instanceof Open open) {
            return weighed(reader, asked, open.totals()).map(told -> new Transition<>(open, List.of(told)));
        }
        return terms.opening()
                .prompted(terms.implicit(), reader, null, Integer.MAX_VALUE)
                .then(prompted -> ScoringTerms.isDead(prompted)
                        ? refused(state, Refusals.deadEnd(record))
                        : weighed(prompted.reader(), asked, ScoringTerms.before(prompted.reader()))
                                .map(told -> new Transition<>(state, List.of(told))));
    }

    /** @param totals of the text before them */
    Step<CandidatesRecord> weighed(TextReader reader, CandidateList asked, Totals totals) {
        return reader.continuation()
                .then(text -> CandidateScoring.of(text, asked, terms.limits().maxRequestsPerRound()))
                .map(scores -> writer.candidates(totals, scores));
    }

    private static Step<Transition<SessionState>> refused(@Nullable SessionState state, DeadLetter letter) {
        return Step.done(Transition.refused(state, letter));
    }
}
