package io.bytelm.session;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;

/**
 * A clock that stands still while the job is down: processing time less all outages so far. An outage lasts from the
 * snapshot that a task was restored from until the restore, since whatever came after that snapshot comes again.
 *
 * <p>Its state is a broadcast one, of which every subtask has a copy of its own: a union would keep a checkpoint from
 * completing once some subtasks have finished and others have not. Copies differ by no more than the clocks of machines and
 * the moments at which they restore. All methods run on the task thread.
 */
final class TtlClock {
    private static final String NAME = "ttl-clock";
    private static final String SNAPSHOT_MILLIS = "snapshot-millis";
    private static final String DOWN_MILLIS = "down-millis";
    private static final String RESTARTED_MILLIS = "restarted-millis";
    private static final long NEVER = Long.MIN_VALUE;

    private final BroadcastState<String, Long> state;
    private final ProcessingTimeService clock;
    private final long downMillis;
    private final long restartedMillis;

    /** @param isRestored whether the task starts from a snapshot, which may be one that says nothing of this clock */
    TtlClock(OperatorStateStore states, ProcessingTimeService clock, boolean isRestored) throws Exception {
        this.state = states.getBroadcastState(new MapStateDescriptor<>(NAME, Types.STRING, Types.LONG));
        this.clock = clock;
        Map<String, Long> restored = new HashMap<>();
        state.immutableEntries().forEach(entry -> restored.put(entry.getKey(), entry.getValue()));
        long startMillis = clock.getCurrentProcessingTime();
        long snapshotMillis = restored.getOrDefault(SNAPSHOT_MILLIS, startMillis);
        downMillis = restored.getOrDefault(DOWN_MILLIS, 0L) + Math.max(0, startMillis - snapshotMillis);
        boolean isOutageUnknown = isRestored && !restored.containsKey(SNAPSHOT_MILLIS);
        restartedMillis = isOutageUnknown ? nowMillis() : restored.getOrDefault(RESTARTED_MILLIS, NEVER);
    }

    /** The time of this clock. */
    long nowMillis() {
        return clock.getCurrentProcessingTime() - downMillis;
    }

    /** The processing time at which this clock will show a time. */
    long processingTimeOf(long atMillis) {
        return atMillis + downMillis;
    }

    /**
     * When this clock was set going by the restore of a snapshot from before it, so that nobody knows how long the job was
     * down: no session was idle before that. Far in the past if there was no such restore.
     */
    long restartedMillis() {
        return restartedMillis;
    }

    /** Before each snapshot. */
    void write() throws Exception {
        state.put(SNAPSHOT_MILLIS, clock.getCurrentProcessingTime());
        state.put(DOWN_MILLIS, downMillis);
        state.put(RESTARTED_MILLIS, restartedMillis);
    }
}
