package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.session.SessionOperatorHarness.Subtask;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;

/**
 * A job around the session operator: a source that can be wound back, subtasks by key group, and a sink that publishes
 * what came before a snapshot when the snapshot completes, and throws the rest away at a restore. One thread does it all,
 * so a schedule repeats exactly.
 */
final class SimulatedJob<S> implements AutoCloseable {
    private record Checkpoint(OperatorSubtaskState state, int parallelism, int position) {}

    private final VerifiedJob<S> job;
    private final Random random;
    private final Turbulence turbulence;
    private final FaultCounts counts;
    private final Map<ByteBuffer, List<StreamRecord<?>>> published = new HashMap<>();
    private List<SimulatedSubtask<S>> subtasks = new ArrayList<>();
    private final List<StreamRecord<?>> pending = new ArrayList<>();
    private @Nullable Checkpoint checkpoint;
    private int position;
    private long snapshotId;

    SimulatedJob(VerifiedJob<S> job, Random random, Turbulence turbulence, FaultCounts counts) throws Exception {
        this.job = job;
        this.random = random;
        this.turbulence = turbulence;
        this.counts = counts;
        start(1);
    }

    boolean hasInput() {
        return position < job.input().size();
    }

    void feed() throws Exception {
        InputRecord record = job.input().get(position++);
        int owner = KeyGroupRangeAssignment.assignKeyToParallelOperator(
                new SessionKey().getKey(record), Subtask.MAX_PARALLELISM, subtasks.size());
        subtasks.get(owner).feed(record, this::snapshot);
        if (random.nextInt(4) == 0) {
            for (SimulatedSubtask<S> subtask : subtasks) {
                subtask.watermark(record.source().offset());
            }
        }
    }

    void serviceEvent() throws Exception {
        anySubtask().serviceEvent();
    }

    void maybeRunMail() throws Exception {
        anySubtask().maybeRunMail();
    }

    /** The barrier reaches one subtask after the other; meanwhile those with and without it go on. */
    void snapshot() throws Exception {
        snapshotId++;
        OperatorSubtaskState[] states = new OperatorSubtaskState[subtasks.size()];
        for (int i = 0; i < states.length; i++) {
            if (random.nextBoolean()) {
                serviceEvent();
                maybeRunMail();
            }
            states[i] = subtasks.get(i).snapshot(snapshotId);
            pending.addAll(subtasks.get(i).takeOutput());
        }
        counts.snapshots++;
        if (random.nextInt(100) < turbulence.lostSnapshotPercent()) {
            counts.lostSnapshots++;
            return;
        }
        pending.forEach(this::publish);
        pending.clear();
        checkpoint =
                new Checkpoint(AbstractStreamOperatorTestHarness.repackageState(states), subtasks.size(), position);
    }

    /** The job fails, and begins again at the last completed snapshot. */
    void restore(int parallelism) throws Exception {
        counts.restores++;
        counts.rescalings += parallelism == subtasks.size() ? 0 : 1;
        close();
        pending.clear();
        position = checkpoint == null ? 0 : checkpoint.position();
        start(parallelism);
    }

    /** Everything comes to its end, and a last snapshot publishes it. */
    void finish() throws Exception {
        for (SimulatedSubtask<S> subtask : subtasks) {
            subtask.endInput();
        }
        snapshotId++;
        for (SimulatedSubtask<S> subtask : subtasks) {
            subtask.snapshot(snapshotId);
            pending.addAll(subtask.takeOutput());
            assertThat(subtask.sessionsInFlightState())
                    .as("in flight at the end")
                    .isEmpty();
            subtask.checkWatermarks();
        }
        pending.forEach(this::publish);
    }

    /** What the sink has published, by session, in order. */
    Map<ByteBuffer, List<StreamRecord<?>>> published() {
        return published;
    }

    /** The states of all sessions, in no order. */
    List<S> states() throws Exception {
        List<S> states = new ArrayList<>();
        for (SimulatedSubtask<S> subtask : subtasks) {
            states.addAll(subtask.states());
        }
        return states;
    }

    @Override
    public void close() throws Exception {
        for (SimulatedSubtask<S> subtask : subtasks) {
            subtask.checkWatermarks();
            subtask.close();
        }
        subtasks = new ArrayList<>();
    }

    private void start(int parallelism) throws Exception {
        for (int index = 0; index < parallelism; index++) {
            OperatorSubtaskState part = checkpoint == null
                    ? null
                    : AbstractStreamOperatorTestHarness.repartitionOperatorState(
                            checkpoint.state(), Subtask.MAX_PARALLELISM, checkpoint.parallelism(), parallelism, index);
            Subtask subtask =
                    new Subtask(index, parallelism, part, job.newBackend().get());
            subtasks.add(new SimulatedSubtask<>(job, subtask, random, turbulence, counts));
        }
    }

    private SimulatedSubtask<S> anySubtask() {
        return subtasks.get(random.nextInt(subtasks.size()));
    }

    private void publish(StreamRecord<?> output) {
        byte[] session = sessionOf((OutputRecord) output.getValue());
        published
                .computeIfAbsent(ByteBuffer.wrap(session), key -> new ArrayList<>())
                .add(output);
    }

    private static byte[] sessionOf(OutputRecord output) {
        byte[] session = output instanceof Result result
                ? result.session()
                : ((DeadLetter) output).input().key();
        return session == null ? new byte[0] : session;
    }
}
