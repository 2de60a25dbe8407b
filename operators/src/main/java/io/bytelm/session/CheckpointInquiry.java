package io.bytelm.session;

import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;

/**
 * Asks the coordinator whether a checkpoint has begun, at once and then every quarter of a second, while the operator
 * takes no input. The answer is a mail of the operator's own, so it arrives while the operator yields: events that a
 * coordinator sends by itself, and barriers that overtake records, are mails of the task, which wait until the operator
 * has taken its record.
 *
 * <p>Confined to the task thread; answers enter it through the mailbox.
 */
final class CheckpointInquiry {
    private static final long PAUSE_MILLIS = 250;

    private final Supplier<CompletableFuture<OptionalLong>> coordinator;
    private final MailboxExecutor mailbox;
    private final ProcessingTimeService clock;
    private final CheckpointGate gate;
    private boolean isUnderWay;

    /**
     * @param coordinator says which checkpoint waits for snapshots, if there is one
     * @param gate learns of it
     */
    CheckpointInquiry(
            Supplier<CompletableFuture<OptionalLong>> coordinator,
            MailboxExecutor mailbox,
            ProcessingTimeService clock,
            CheckpointGate gate) {
        this.coordinator = coordinator;
        this.mailbox = mailbox;
        this.clock = clock;
        this.gate = gate;
    }

    /** The operator is about to wait for room. Does nothing if the last question is not old enough. */
    void ask() {
        if (!isUnderWay) {
            isUnderWay = true;
            var unused = coordinator.get().whenComplete((begun, failure) -> {
                // a coordinator that cannot be reached begins no checkpoints either
                answer(failure == null ? begun : OptionalLong.empty());
            });
        }
    }

    private void answer(OptionalLong begun) {
        try {
            mailbox.execute(() -> onAnswer(begun), "checkpoint begun");
        } catch (RejectedExecutionException taskHasEnded) {
            return;
        }
    }

    private void onAnswer(OptionalLong begun) {
        begun.ifPresent(gate::begun);
        var unused = clock.registerTimer(clock.getCurrentProcessingTime() + PAUSE_MILLIS, timer -> isUnderWay = false);
    }
}
