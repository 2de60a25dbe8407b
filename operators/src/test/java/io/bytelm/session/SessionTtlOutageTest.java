package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.session.SessionOperatorHarness.Subtask;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.StateObjectCollection;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** While the job is down, no session grows older. */
class SessionTtlOutageTest {
    private static final long TTL_MILLIS = 1600;
    private static final long STEP_MILLIS = 100;
    private static final long SNAPSHOT_MILLIS = 1000;
    private static final long OUTAGE_MILLIS = 10 * TTL_MILLIS;

    private final ControlledService service = new ControlledService();

    static Stream<StateBackend> backends() {
        return Stream.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend());
    }

    private SessionOperatorHarness<String> start(
            int index, int parallelism, @Nullable OperatorSubtaskState state, StateBackend backend, long nowMillis)
            throws Exception {
        RetrySettings patient = new RetrySettings(1, 1_000_000, 0, 0, 0);
        SessionOperatorHarness<String> operator = SessionOperatorHarness.appendingAt(
                nowMillis,
                new Subtask(index, parallelism, state, backend),
                service,
                new SessionSettings(100, 32, patient, ServiceFailurePolicy.FAIL_JOB, TTL_MILLIS));
        operator.runMails();
        return operator;
    }

    /** A snapshot at second 1, of sessions that were used at second 0. */
    private OperatorSubtaskState snapshotOf(StateBackend backend, String... sessions) throws Exception {
        try (var operator = start(0, 1, null, backend, 0)) {
            for (String session : sessions) {
                operator.process(session, "x");
                operator.answer(service, session + ":x");
            }
            operator.atMillis(SNAPSHOT_MILLIS);
            return operator.flink.snapshot(1, 1);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aSessionOutlivesAnOutageOfAnyLengthAndExpiresAfterTheRestOfItsTime(StateBackend backend) throws Exception {
        OperatorSubtaskState state = snapshotOf(backend, "a", "b");
        long backMillis = SNAPSHOT_MILLIS + OUTAGE_MILLIS;
        try (var operator = start(0, 1, state, backend, backMillis)) {
            operator.atMillis(backMillis + 1); // the timers of before the outage fire
            assertThat(operator.states()).containsExactly("a:x", "b:x");
            operator.process("a", "y");
            operator.answer(service, "a:xy"); // not a:y: its text goes on
            operator.atMillis(OUTAGE_MILLIS + TTL_MILLIS - 1);
            assertThat(operator.states()).containsExactly("a:xy", "b:x");
            operator.atMillis(OUTAGE_MILLIS + TTL_MILLIS + STEP_MILLIS);
            assertThat(operator.states()).containsExactly("a:xy");
            operator.atMillis(backMillis + TTL_MILLIS + 2 * STEP_MILLIS);
            assertThat(operator.keysIn(SessionStore.NAME)).isEmpty();
            assertThat(operator.keysIn("expiry")).isEmpty();
            assertThat(operator.flink.numProcessingTimeTimers()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void outagesAddUp(StateBackend backend) throws Exception {
        OperatorSubtaskState state = snapshotOf(backend, "a");
        long nowMillis = SNAPSHOT_MILLIS;
        for (int outage = 1; outage <= 4; outage++) {
            nowMillis += OUTAGE_MILLIS;
            try (var operator = start(0, 1, state, backend, nowMillis)) {
                nowMillis += STEP_MILLIS;
                operator.atMillis(nowMillis);
                assertThat(operator.states()).as("after outage " + outage).containsExactly("a:x");
                state = operator.flink.snapshot(1 + outage, nowMillis);
            }
        }
        try (var operator = start(0, 1, state, backend, nowMillis)) {
            operator.atMillis(4 * OUTAGE_MILLIS + TTL_MILLIS + STEP_MILLIS);
            assertThat(operator.states()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void andOnMoreSubtasksThanBefore(StateBackend backend) throws Exception {
        String[] sessions = {"a", "b", "c", "d", "e", "f", "g", "h"};
        OperatorSubtaskState state = snapshotOf(backend, sessions);
        long backMillis = SNAPSHOT_MILLIS + OUTAGE_MILLIS;
        int found = 0;
        for (int index = 0; index < 3; index++) {
            OperatorSubtaskState part = AbstractStreamOperatorTestHarness.repartitionOperatorState(
                    state, Subtask.MAX_PARALLELISM, 1, 3, index);
            try (var operator = start(index, 3, part, backend, backMillis)) {
                operator.atMillis(OUTAGE_MILLIS + TTL_MILLIS - 1);
                found += operator.states().size();
                operator.atMillis(OUTAGE_MILLIS + TTL_MILLIS + STEP_MILLIS);
                assertThat(operator.states()).isEmpty();
            }
        }
        assertThat(found).isEqualTo(sessions.length);
    }

    /** Nobody knows how long ago the savepoint was taken. */
    @Test
    void theSessionsOfASavepointThatDoesNotSayItsTimeBeginTheirTimeAnew() throws Exception {
        StateBackend heap = new HashMapStateBackend();
        OperatorSubtaskState state = snapshotOf(heap, "a").toBuilder()
                .setManagedOperatorState(StateObjectCollection.empty())
                .build();
        long backMillis = 100 * TTL_MILLIS;
        try (var operator = start(0, 1, state, heap, backMillis)) {
            operator.atMillis(backMillis + TTL_MILLIS / 2);
            state = operator.flink.snapshot(2, 2);
            operator.atMillis(backMillis + TTL_MILLIS - 1);
            assertThat(operator.states()).containsExactly("a:x");
            operator.atMillis(backMillis + TTL_MILLIS + STEP_MILLIS);
            assertThat(operator.states()).isEmpty();
        }
        try (var operator = start(0, 1, state, heap, backMillis + OUTAGE_MILLIS)) {
            operator.atMillis(backMillis + OUTAGE_MILLIS + TTL_MILLIS / 2 - 1);
            assertThat(operator.states()).containsExactly("a:x");
            operator.atMillis(backMillis + OUTAGE_MILLIS + TTL_MILLIS / 2 + STEP_MILLIS);
            assertThat(operator.states()).isEmpty();
        }
    }
}
