package io.bytelm.job.check;

import java.io.Serializable;

/**
 * What one job needs of each TaskManager that it runs on, in bytes:
 *
 * <ul>
 *   <li>outside Java's heap (Flink's {@code taskmanager.memory.task.off-heap.size}): weights + states + {@link
 *       #ENGINE_BYTES}. Only the engine allocates there;
 *   <li>in the heap ({@code taskmanager.memory.task.heap.size}): 2 x rows + held x subtasks. The rows twice, since those that
 *       were just replaced wait for the garbage collector: a heap of 512 MiB ended in 40 s when two jobs kept 256 MiB of rows
 *       each;
 *   <li>for classes ({@code taskmanager.memory.jvm-metaspace.size}): {@link #PROCESS_METASPACE_BYTES} + {@link
 *       #JOB_METASPACE_BYTES} a job.
 * </ul>
 *
 * Another job with the same model and the same settings of it shares weights, states, engine and rows.
 *
 * @param weightBytes the model's weights as the engine holds them
 * @param stateBytes the states of contexts that were read ({@code --state-cache-mb})
 * @param rowBytes rows of probabilities ({@code --cache-mb})
 * @param heldBytesEach records and outputs that each subtask may hold
 */
public record MemoryNeed(long weightBytes, long stateBytes, long rowBytes, long heldBytesEach) implements Serializable {
    private static final long serialVersionUID = 1;

    /** libtorch, its threads and the intermediate results of a batch. */
    public static final long ENGINE_BYTES = 500L << 20;

    /**
     * Flink, the model service and the engine. Measured with this and {@link #JOB_METASPACE_BYTES} on Flink 2.2.1 and JDK 17:
     * 34 MiB in an idle TaskManager, 60 with one scoring job, 73 with two, 86 with three.
     */
    public static final long PROCESS_METASPACE_BYTES = 48L << 20;

    /** The classes of one job, Kafka's clients included: 13 MiB measured. */
    public static final long JOB_METASPACE_BYTES = 16L << 20;

    /** What both need where two models are open at the same time. */
    public MemoryNeed and(MemoryNeed other) {
        return new MemoryNeed(
                weightBytes + other.weightBytes,
                stateBytes + other.stateBytes,
                rowBytes + other.rowBytes,
                Math.max(heldBytesEach, other.heldBytesEach));
    }

    /** What a job needs whose model is in other processes. */
    public static MemoryNeed withoutModel(long heldBytesEach) {
        return new MemoryNeed(0, 0, 0, heldBytesEach);
    }

    long offHeapBytes() {
        return weightBytes == 0 ? 0 : weightBytes + stateBytes + ENGINE_BYTES;
    }

    /** @param subtasks of all jobs with this model in one process */
    long heapBytes(int subtasks) {
        return 2 * rowBytes + subtasks * heldBytesEach;
    }

    static long metaspaceBytes(int jobs) {
        return PROCESS_METASPACE_BYTES + jobs * JOB_METASPACE_BYTES;
    }
}
