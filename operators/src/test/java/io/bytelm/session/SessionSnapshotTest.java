package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.session.SessionOperatorHarness.Subtask;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Snapshots with elements in flight, and what a restore makes of them. */
class SessionSnapshotTest {
    private ControlledService service = new ControlledService();

    static Stream<StateBackend> backends() {
        return Stream.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend());
    }

    /** A subtask with a service of its own, as after a failure. */
    private SessionOperatorHarness<String> start(Subtask subtask) throws Exception {
        service = new ControlledService();
        SessionOperatorHarness<String> operator =
                SessionOperatorHarness.appending(subtask, service, SessionSettings.DEFAULT);
        operator.runMails();
        return operator;
    }

    private SessionOperatorHarness<String> restore(OperatorSubtaskState state, StateBackend backend) throws Exception {
        return start(new Subtask(0, 1, state, backend));
    }

    @ParameterizedTest
    @MethodSource("backends")
    void elementsInFlightStartAgainFromCommittedState(StateBackend backend) throws Exception {
        OperatorSubtaskState state;
        try (var operator = start(new Subtask(0, 1, null, backend))) {
            operator.processAt(7, "a", "xy");
            operator.processAt(7, "a", "z");
            operator.processAt(7, "b", "x");
            operator.processAt(7, "c", "x");
            operator.answer(service, "c:x", "a:x"); // c is done, a is half way, a's second and b have not begun
            state = operator.flink.snapshot(1, 1);
            operator.answer(service, "a:xy", "b:x"); // after the barrier: it has to be done again
            assertThat(operator.scores()).containsExactly("c=1", "a=2", "b=1");
        }
        try (var operator = restore(state, backend)) {
            assertThat(service.waitingPaths()).containsExactlyInAnyOrder("a:x", "b:x");
            operator.answer(service, "b:x", "a:x", "a:xy", "a:xyz");
            assertThat(operator.scores()).containsExactly("b=1", "a=2", "a=3");
            assertThat(operator.output.events)
                    .allMatch(event -> event.toString().contains("@ 7"), "has its timestamp");
            assertThat(operator.states()).containsExactly("a:xyz", "b:x", "c:x");
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void whatHasDrainedSinceTheLastSnapshotIsNotInTheNextOne(StateBackend backend) throws Exception {
        OperatorSubtaskState first;
        OperatorSubtaskState second;
        try (var operator = start(new Subtask(0, 1, null, backend))) {
            operator.process("a", "x");
            operator.process("b", "x");
            first = operator.flink.snapshot(1, 1);
            operator.answer(service, "a:x");
            second = operator.flink.snapshot(2, 2);
            assertThat(operator.keysIn("in-flight")).containsExactly("b");
        }
        try (var operator = restore(first, backend)) {
            assertThat(service.waitingPaths()).containsExactlyInAnyOrder("a:x", "b:x");
            operator.answer(service, "a:x"); // was in flight when restored, and drains in this run
            OperatorSubtaskState third = operator.flink.snapshot(3, 3);
            operator.close();
            try (var next = restore(third, backend)) {
                assertThat(service.waitingPaths()).containsExactly("b:x");
                assertThat(next.states()).containsExactly("a:x");
            }
        }
        try (var operator = restore(second, backend)) {
            assertThat(service.waitingPaths()).containsExactly("b:x");
            operator.answer(service, "b:x");
            operator.flink.snapshot(4, 4);
            assertThat(operator.keysIn("in-flight")).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void elementsInFlightFollowTheirSessionsWhenTheJobIsRescaled(StateBackend backend) throws Exception {
        List<String> paths = new ArrayList<>();
        OperatorSubtaskState one;
        try (var operator = start(new Subtask(0, 1, null, backend))) {
            for (char session = 'a'; session <= 'p'; session++) {
                operator.process(String.valueOf(session), "x");
                paths.add(session + ":x");
            }
            one = operator.flink.snapshot(1, 1);
        }
        OperatorSubtaskState two = rescale(one, 1, 2, backend, paths);
        OperatorSubtaskState three = rescale(two, 2, 3, backend, paths);
        rescale(three, 3, 1, backend, paths);
    }

    /** Restores on all subtasks, checks that each element is on just one of them, and takes a snapshot of them all. */
    private OperatorSubtaskState rescale(
            OperatorSubtaskState state, int from, int to, StateBackend backend, List<String> expectedPaths)
            throws Exception {
        List<String> found = new ArrayList<>();
        OperatorSubtaskState[] next = new OperatorSubtaskState[to];
        for (int index = 0; index < to; index++) {
            OperatorSubtaskState part = AbstractStreamOperatorTestHarness.repartitionOperatorState(
                    state, Subtask.MAX_PARALLELISM, from, to, index);
            try (var operator = start(new Subtask(index, to, part, backend))) {
                assertThat(service.waitingPaths()).isNotEmpty();
                found.addAll(service.waitingPaths());
                next[index] = operator.flink.snapshot(to, to);
            }
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(expectedPaths);
        return AbstractStreamOperatorTestHarness.repackageState(next);
    }
}
