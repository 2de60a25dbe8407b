package io.bytelm.session;

import io.bytelm.record.LeftOut;
import io.bytelm.record.Observations;
import io.bytelm.record.OpenRequest;
import io.bytelm.record.Reading;
import io.bytelm.record.RejectedRecordException;
import io.bytelm.record.SessionLimits;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.DeadEnd;
import io.bytelm.record.SessionState.Open;
import io.bytelm.record.SessionState.Totals;
import io.bytelm.session.SessionOpening.Prompted;
import java.util.List;

/**
 * What holds for all sessions of a job that score, whatever their records bring.
 *
 * @param implicit how a session is opened that begins with bytes, and what an {@code open} leaves out
 * @param limits what it may not go beyond
 * @param readers make readers of texts
 * @param splitters split texts into spans
 * @param opening how sessions begin
 * @param piece how much of a record is done at once
 */
record ScoringTerms(
        OpenRequest implicit,
        SessionLimits limits,
        TextReaders readers,
        Splitters splitters,
        SessionOpening opening,
        PieceSize piece) {
    /** @throws RejectedRecordException if the session's text cannot be split */
    Observer observer(Open open) throws RejectedRecordException {
        return Observer.of(
                open.observations(), open.emission(), implicit.observing().alertZ(), splitters);
    }

    /** A session whose prompt is read, before its first byte. */
    static Open opened(OpenRequest request, Prompted prompted) {
        TextReader reader = prompted.reader();
        Reading reading = reader.stored();
        return new Open(
                reading,
                request.emission(),
                reader.logProb(),
                before(reader),
                Observations.begun(request.observing(), reading.settledTokens(), prompted.leftOut() != null),
                prompted.leftOut() == null ? null : LeftOut.NOTHING);
    }

    /** The totals before the first byte. */
    static Totals before(TextReader reader) {
        return reader.logProbUpper() == null ? Totals.NONE : Totals.CERTIFIED;
    }

    /** Where all ways to read a text weigh nothing it can be followed no further than where there is none. */
    static boolean isDead(Prompted prompted) {
        return DeadEnds.isDead(prompted.reader());
    }

    /** What becomes of a session whose prompt {@link #isDead}. */
    static Transition<SessionState> deadPrompt(Prompted prompted, ScoreWriter writer) {
        TextReader reader = prompted.reader();
        DeadEnd deadEnd = new DeadEnd(before(reader), reader.longestContext());
        return new Transition<>(deadEnd, List.of(writer.deadEnd(deadEnd, null)));
    }
}
