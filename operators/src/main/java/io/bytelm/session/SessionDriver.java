package io.bytelm.session;

import io.bytelm.beam.Step;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.service.Expansion;
import io.bytelm.session.SessionStore.Stored;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.apache.flink.util.FlinkException;

/**
 * Takes each element through its session, when there is room for the session's states: its steps run on the task thread with the session as current key, and what they
 * ask goes to the service. At its end the session's state, its outputs and its removal from the elements in flight are
 * one action on the task thread, so that a snapshot sees all of it or nothing.
 *
 * <p>An element at which the logic fails becomes a dead letter; what Flink or the service throws fails the task.
 *
 * <p>After each step other sessions have their turn: an answer, and also the start of a session's next element, waits in
 * the work queue behind what was there before.
 */
final class SessionDriver<S> {
    private final KeyContext keys;
    private final SessionLogic<S> logic;
    private final SessionStore<S> sessions;
    private final SessionSequence sequence;
    private final SessionCommit<S> commit;
    private final ServiceCalls calls;
    private final SessionTurns turns;
    private final MailboxWorkQueue work;
    private final InFlightElements inFlight;
    private final WatermarkHold watermarks;
    private final ServiceFailurePolicy serviceFailure;
    private final InternalErrors internalErrors;
    private final SessionMetrics metrics;

    SessionDriver(
            KeyContext keys,
            SessionLogic<S> logic,
            SessionStore<S> sessions,
            SessionSequence sequence,
            SessionCommit<S> commit,
            ServiceCalls calls,
            SessionTurns turns,
            MailboxWorkQueue work,
            InFlightElements inFlight,
            WatermarkHold watermarks,
            ServiceFailurePolicy serviceFailure,
            InternalErrors internalErrors,
            SessionMetrics metrics) {
        this.keys = keys;
        this.logic = logic;
        this.sessions = sessions;
        this.sequence = sequence;
        this.commit = commit;
        this.calls = calls;
        this.turns = turns;
        this.work = work;
        this.inFlight = inFlight;
        this.watermarks = watermarks;
        this.serviceFailure = serviceFailure;
        this.internalErrors = internalErrors;
        this.metrics = metrics;
    }

    /** A new element; it starts now if its session is free. */
    void accept(String session, InputRecord record, long timestampMillis) throws Exception {
        InFlightElement element = arrived(session, record, timestampMillis);
        if (inFlight.add(element)) {
            start(element);
        }
    }

    /** An element that was in flight at the snapshot; it starts when the task runs. */
    void acceptRestored(String session, InputRecord record, long timestampMillis) {
        InFlightElement element = arrived(session, record, timestampMillis);
        if (inFlight.add(element)) {
            work.add(() -> start(element));
        }
    }

    private InFlightElement arrived(String session, InputRecord record, long timestampMillis) {
        long nowNanos = metrics.byteLatency().nowNanos();
        return new InFlightElement(session, record, timestampMillis, nowNanos, watermarks.enter());
    }

    private void start(InFlightElement element) throws Exception {
        keys.setCurrentKey(element.session());
        SessionSequence.Verdict verdict = sequence.verdict(element.record());
        if (verdict == SessionSequence.Verdict.REPEAT) {
            metrics.repeat();
            leave(element);
            return;
        }
        Stored<S> before = Stored.unknown();
        try {
            before = sessions.get();
            if (verdict == SessionSequence.Verdict.MALFORMED) {
                refuse(element, before, Refusals.malformedSequence(element.record()));
            } else {
                process(element, before);
            }
        } catch (LogicFailedException failure) {
            refuse(element, before, internalErrors.letter(element.record(), failure));
        }
    }

    private void process(InFlightElement element, Stored<S> before) throws Exception {
        S state = before.state();
        Optional<CompletableFuture<?>> preparation =
                LogicFailedException.guarding(() -> logic.preparation(state, element.record()));
        if (preparation.isPresent()) {
            startWhenReady(element, preparation.get());
            return;
        }
        Step<Transition<S>> first = LogicFailedException.guarding(() -> logic.onRecord(state, element.record()));
        if (isTheTurnOf(element, before, first)) {
            inFlight.holdOutputs(
                    element.session(),
                    LogicFailedException.guarding(() -> logic.mostOutputBytes(state, element.record())));
            go(element, before, first, 0);
        }
    }

    /** What asks the model starts again when there is room for its session, so that nothing is held until then. */
    private boolean isTheTurnOf(InFlightElement element, Stored<S> before, Step<Transition<S>> first)
            throws LogicFailedException {
        if (first instanceof Step.Done) {
            return true;
        }
        long tokens = LogicFailedException.guarding(
                () -> turns.tokensOf(sessions.contextsByModel(before), element.valueBytes())
                        + logic.branchTokens(before.state()));
        return turns.begin(element.session(), tokens, () -> start(element));
    }

    /** What went wrong in the preparation goes wrong again in the logic, which can say it. */
    private void startWhenReady(InFlightElement element, CompletableFuture<?> preparation) {
        var unused = preparation.whenComplete((done, failure) -> work.add(() -> start(element)));
    }

    private void resume(Asking asked, List<Expansion> answers) throws Exception {
        keys.setCurrentKey(asked.element.session());
        try {
            Step<Transition<S>> next =
                    LogicFailedException.guarding(() -> asked.ask.then().apply(answers));
            go(asked.element, asked.before, next, asked.healings);
        } catch (LogicFailedException failure) {
            refuse(asked.element, asked.before, internalErrors.letter(asked.element.record(), failure));
        }
    }

    /** @param healingsBefore those of the steps before this one */
    private void go(InFlightElement element, Stored<S> before, Step<Transition<S>> step, int healingsBefore)
            throws Exception {
        int healings = healingsBefore + step.healings();
        if (step instanceof Step.Ask<Transition<S>> ask) {
            turns.asked(element.session(), ask.requests().size());
            long session = SessionKey.number(element.session());
            RequestSlices.start(calls, ask.requests(), session, new Asking(element, before, ask, healings));
        } else if (step instanceof Step.Done<Transition<S>> done) {
            boolean goesOn = commit.apply(element, before, done.value(), healings);
            if (goesOn) {
                turns.pauses(element.session());
                work.add(() -> start(element));
            } else {
                leave(element);
            }
        }
    }

    private void giveUp(InFlightElement element, Stored<S> before, String message, Throwable cause) throws Exception {
        if (serviceFailure == ServiceFailurePolicy.FAIL_JOB) {
            throw new FlinkException(describe(element) + ": " + message, cause);
        }
        keys.setCurrentKey(element.session());
        refuse(element, before, new DeadLetter(element.record(), DeadLetters.SERVICE_FAILED, message));
    }

    private void refuse(InFlightElement element, Stored<S> before, DeadLetter letter) throws Exception {
        commit.skip(element, before, letter);
        leave(element);
    }

    private void leave(InFlightElement element) throws Exception {
        InFlightElement next = inFlight.removeFirst(element.session());
        watermarks.leave(element.epoch());
        if (next != null && next.session().equals(element.session())) {
            turns.pauses(element.session());
        } else {
            turns.ends(element.session());
        }
        if (next != null) {
            work.add(() -> start(next));
        }
    }

    private static String describe(InFlightElement element) {
        var source = element.record().source();
        return "record at offset " + source.offset() + " of " + source.topic() + "-" + source.partition();
    }

    /** An element that waits for the service. */
    private final class Asking implements ServiceCall.Caller {
        private final InFlightElement element;
        private final Stored<S> before;
        private final Step.Ask<Transition<S>> ask;
        private final int healings;

        Asking(InFlightElement element, Stored<S> before, Step.Ask<Transition<S>> ask, int healings) {
            this.element = element;
            this.before = before;
            this.ask = ask;
            this.healings = healings;
        }

        @Override
        public void onAnswers(List<Expansion> answers) throws Exception {
            resume(this, answers);
        }

        @Override
        public void onFailure(String message, Throwable cause) throws Exception {
            giveUp(element, before, message, cause);
        }
    }
}
