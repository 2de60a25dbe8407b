package io.bytelm.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.jobgraph.tasks.TaskOperatorEventGateway;
import org.apache.flink.runtime.operators.coordination.CoordinationRequest;
import org.apache.flink.runtime.operators.coordination.CoordinationRequestHandler;
import org.apache.flink.runtime.operators.coordination.CoordinationResponse;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.apache.flink.streaming.api.operators.collect.CollectCoordinationResponse;
import org.apache.flink.util.SerializedValue;
import org.jspecify.annotations.Nullable;

/**
 * The operator's side on the JobManager: it knows which checkpoint has begun and tells a subtask that asks, but only when
 * the sources have had time to send their barriers: until then there is no end to what lies before them. It sends nothing
 * by itself, since Flink restarts a task to which an event is lost, and it has no state. All methods run on the
 * JobManager's main thread.
 */
final class CheckpointCoordination implements OperatorCoordinator, CoordinationRequestHandler {
    private static final long NONE = -1;

    private static final Duration BARRIERS_ARE_SENT_WITHIN = Duration.ofMillis(250);

    private long begun = NONE;
    private long begunNanos;

    /** The question which checkpoint waits for snapshots. */
    private static final class Question implements CoordinationRequest {
        private static final long serialVersionUID = 1;
    }

    /** Makes the coordinator on the JobManager. */
    record Provider(OperatorID operator) implements OperatorCoordinator.Provider {
        @Override
        public OperatorID getOperatorId() {
            return operator;
        }

        @Override
        public OperatorCoordinator create(Context context) {
            return new CheckpointCoordination();
        }
    }

    /**
     * Asks from a subtask.
     *
     * @return completes exceptionally if the JobManager does not answer
     */
    static CompletableFuture<OptionalLong> ask(TaskOperatorEventGateway gateway, OperatorID operator) {
        SerializedValue<CoordinationRequest> question;
        try {
            question = new SerializedValue<>(new Question());
        } catch (IOException e) {
            throw new UncheckedIOException("a question without content cannot be serialized", e);
        }
        return gateway.sendRequestToCoordinator(operator, question).thenApply(CheckpointCoordination::read);
    }

    /** No answer at all is that of Flink's test harnesses. */
    private static OptionalLong read(@Nullable CoordinationResponse response) {
        return response instanceof CollectCoordinationResponse answer && answer.getLastCheckpointedOffset() != NONE
                ? OptionalLong.of(answer.getLastCheckpointedOffset())
                : OptionalLong.empty();
    }

    /** Answers with a class of Flink's: an answer is read by a class loader that does not know the job's classes. */
    @Override
    public CompletableFuture<CoordinationResponse> handleCoordinationRequest(CoordinationRequest question) {
        boolean barriersAreSent = System.nanoTime() - begunNanos >= BARRIERS_ARE_SENT_WITHIN.toNanos();
        return CompletableFuture.completedFuture(
                new CollectCoordinationResponse("", barriersAreSent ? begun : NONE, List.of()));
    }

    @Override
    public void checkpointCoordinator(long checkpointId, CompletableFuture<byte[]> state) {
        begun = checkpointId;
        begunNanos = System.nanoTime();
        state.complete(new byte[0]);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
        over(checkpointId);
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) {
        over(checkpointId);
    }

    private void over(long checkpointId) {
        if (checkpointId >= begun) {
            begun = NONE;
        }
    }

    @Override
    public void resetToCheckpoint(long checkpointId, byte @Nullable [] state) {
        begun = NONE;
    }

    @Override
    public void start() {}

    @Override
    public void close() {}

    @Override
    public void handleEventFromOperator(int subtask, int attempt, OperatorEvent event) {
        throw new IllegalArgumentException("subtasks send no events, got " + event);
    }

    @Override
    public void subtaskReset(int subtask, long checkpointId) {}

    @Override
    public void executionAttemptFailed(int subtask, int attempt, @Nullable Throwable reason) {}

    @Override
    public void executionAttemptReady(int subtask, int attempt, SubtaskGateway gateway) {}
}
