package io.bytelm.session;

/**
 * Whether a checkpoint has begun for which this subtask has not taken its snapshot yet. Its barrier may then lie behind
 * records that a full operator does not take. Confined to the task thread.
 */
final class CheckpointGate {
    private static final long NONE = -1;

    private long begun = NONE;
    private long settled = NONE;

    /** A checkpoint waits for the snapshots of its subtasks; that it is one of those settled here does not matter. */
    void begun(long checkpointId) {
        begun = Math.max(begun, checkpointId);
    }

    /** This subtask has taken its snapshot, or the checkpoint was given up; what is told later of it is old news. */
    void settled(long checkpointId) {
        settled = Math.max(settled, checkpointId);
    }

    /** Whether records are to be taken beyond the bounds so that the barrier behind them arrives. */
    boolean isOpen() {
        return begun > settled;
    }
}
