package io.bytelm.session;

import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the input wait while the operator is full, but never a checkpoint: an aligned barrier lies behind the records that
 * were sent before it, and one that overtakes them is looked at between two records. So while a checkpoint has begun that
 * this subtask has not taken its snapshot for, records are taken beyond the bounds, to wait for their turn; they are what
 * the network's buffers hold, and the snapshot takes them along. Confined to the task thread.
 */
final class InputRoom {
    private static final Logger LOG = LoggerFactory.getLogger(InputRoom.class);
    private static final long WARNING_PAUSE_MILLIS = 60_000;

    private final InFlightElements inFlight;
    private final CheckpointGate gate;
    private final CheckpointInquiry inquiry;
    private final MailboxExecutor mailbox;
    private final ProcessingTimeService clock;
    private long nextWarningMillis = Long.MIN_VALUE;

    InputRoom(
            InFlightElements inFlight,
            CheckpointGate gate,
            CheckpointInquiry inquiry,
            MailboxExecutor mailbox,
            ProcessingTimeService clock) {
        this.inFlight = inFlight;
        this.gate = gate;
        this.inquiry = inquiry;
        this.mailbox = mailbox;
        this.clock = clock;
    }

    /** Returns when the next record may come; mails run meanwhile, and set other keys. */
    void await() throws InterruptedException {
        while (inFlight.isFull() && !isOpenForACheckpoint()) {
            inquiry.ask();
            mailbox.yield();
        }
    }

    private boolean isOpenForACheckpoint() {
        if (!gate.isOpen()) {
            return false;
        }
        if (inFlight.isAtLimit()) {
            warn();
            return false;
        }
        return true;
    }

    private void warn() {
        long nowMillis = clock.getCurrentProcessingTime();
        if (nowMillis >= nextWarningMillis) {
            nextWarningMillis = nowMillis + WARNING_PAUSE_MILLIS;
            LOG.warn(
                    "A checkpoint has to wait until sessions finish: {} records ({} MiB) are in flight, 4 times as much"
                            + " as --max-held-mb. The model is too slow for what comes in; buffer debloating keeps"
                            + " fewer records in the network, and a higher --max-held-mb takes more of them.",
                    inFlight.size(),
                    inFlight.bytes() >> 20);
        }
    }
}
