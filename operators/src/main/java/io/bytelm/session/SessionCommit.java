package io.bytelm.session;

import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SpanScore;
import io.bytelm.session.SessionStore.Stored;

/**
 * What an element leaves behind: its session's next state, number and expiry, and outputs. Its session must be the current
 * key. An element that goes on leaves its number with its last step only, or it would be a repeat of itself.
 */
final class SessionCommit<S> {
    private final SessionStore<S> sessions;
    private final SessionSequence sequence;
    private final SessionTtl ttl;
    private final RestartedSessions restarted;
    private final SessionOutput output;
    private final SessionMetrics metrics;

    SessionCommit(
            SessionStore<S> sessions,
            SessionSequence sequence,
            SessionTtl ttl,
            RestartedSessions restarted,
            SessionOutput output,
            SessionMetrics metrics) {
        this.sessions = sessions;
        this.sequence = sequence;
        this.ttl = ttl;
        this.restarted = restarted;
        this.output = output;
        this.metrics = metrics;
    }

    /**
     * The session takes this transition. If a score in it is no finite number, which no output format can write, the
     * element becomes a dead letter instead.
     *
     * @param before the session up to now
     * @param healings how many dead ends of beams were healed on the way to this transition
     * @return whether the element goes on from here
     */
    boolean apply(InFlightElement element, Stored<S> before, Transition<S> transition, int healings) throws Exception {
        for (OutputRecord record : transition.outputs()) {
            if (record instanceof SpanScore span && !Double.isFinite(span.span().logLikelihood())) {
                String message = "the log-likelihood of a span would be "
                        + span.span().logLikelihood() + " nats; the model or its settings give no finite number";
                skip(element, before, new DeadLetter(element.record(), DeadLetters.NOT_FINITE, message));
                return false;
            }
            if (record instanceof Score score && !isFinite(score)) {
                String message = "the log-likelihood of this chunk would be " + score.chunkLogLikelihood() + " nats, "
                        + score.totalLogLikelihood() + " in total; the model or its settings give no finite number";
                skip(element, before, new DeadLetter(element.record(), DeadLetters.NOT_FINITE, message));
                return false;
            }
        }
        write(element, before, transition);
        metrics.healed(healings);
        int read = sessions.bytesRead(before.state(), element.record());
        for (OutputRecord record : transition.outputs()) {
            OutputRecord told = record instanceof DeadLetter letter ? letter.after(read) : record;
            output.emit(restarted.told(told), element);
        }
        if (!transition.goesOn() && !transition.isRefusal()) {
            metrics.byteLatency().answered(element);
        }
        return transition.goesOn();
    }

    /**
     * The element becomes a dead letter, and its session stays as it is: where the last piece of the element left it. Its
     * number does not count, so that it may be sent again.
     */
    void skip(InFlightElement element, Stored<S> before, DeadLetter deadLetter) throws Exception {
        S state = before.state();
        if (state != null) {
            S left = sessions.withoutRest(state);
            if (left == null) {
                forget();
            } else {
                if (left != state) {
                    metrics.kept(sessions.set(before, left));
                }
                ttl.restart();
            }
        }
        DeadLetter letter = deadLetter.after(sessions.bytesRead(state, element.record()));
        output.emit(restarted.told(letter), element);
    }

    /** The conversions of the logic come first: where one of them fails, nothing is written. */
    private void write(InFlightElement element, Stored<S> before, Transition<S> transition) throws Exception {
        S after = transition.state();
        boolean wasOpen = sessions.isOpen(before.state());
        boolean isOpen = sessions.isOpen(after);
        int readBefore = sessions.bytesRead(before.state(), element.record());
        int readAfter = transition.goesOn() ? sessions.bytesRead(after, element.record()) : element.valueBytes();
        if (after != null) {
            metrics.kept(sessions.set(before, after));
        } else if (before.exists()) {
            sessions.clear();
        }
        boolean isNumbered = !transition.goesOn() && !transition.isRefusal() && sequence.remember(element.record());
        if (after != null || isNumbered) {
            ttl.restart();
        } else if (before.exists()) {
            forget();
        }
        boolean told = transition.outputs().stream().anyMatch(SessionCommit::isLast);
        metrics.committed(readAfter - readBefore, wasOpen, isOpen, told);
        boolean endsTruncated = told && transition.outputs().stream().anyMatch(SessionCommit::isTruncated);
        if (!sessions.isTruncated(before.state()) && (sessions.isTruncated(after) || endsTruncated)) {
            metrics.sessionTruncated();
        }
    }

    private void forget() throws Exception {
        sessions.clear();
        sequence.clear();
        ttl.stop();
    }

    private static boolean isLast(OutputRecord record) {
        return record instanceof Finished || (record instanceof Score score && score.event() == Event.END);
    }

    private static boolean isTruncated(OutputRecord record) {
        return record instanceof Result result && result.truncated();
    }

    private static boolean isFinite(Score score) {
        return Double.isFinite(score.chunkLogLikelihood()) && Double.isFinite(score.totalLogLikelihood());
    }
}
