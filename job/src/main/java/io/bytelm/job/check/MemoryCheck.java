package io.bytelm.job.check;

import java.util.List;
import java.util.Locale;

/** Compares what a job needs of a TaskManager with what that has. */
final class MemoryCheck {
    private static final int MEBIBYTE_SHIFT = 20;
    private static final long STEP_MEBIBYTES = 64;

    private final MemoryNeed need;
    private final ProcessMemory process;
    private final int jobs;

    /** @param jobs of this kind in the process, this one included */
    MemoryCheck(MemoryNeed need, ProcessMemory process, int jobs) {
        this.need = need;
        this.process = process;
        this.jobs = jobs;
    }

    /** Of heap, off-heap memory and metaspace, a line each. */
    List<CheckLine> lines() {
        return List.of(heap(), offHeap(), metaspace());
    }

    private CheckLine heap() {
        long needed = need.heapBytes(process.slots());
        String text = "a TaskManager's tasks have " + mebibytes(process.taskHeapBytes()) + " MiB of Java's heap and need "
                + mebibytes(needed) + " (twice --cache-mb " + mebibytes(need.rowBytes()) + ", and "
                + mebibytes(need.heldBytesEach()) + " for each of " + process.slots() + " slots)";
        return process.taskHeapBytes() >= needed
                ? CheckLine.ok("heap", text)
                : CheckLine.warning(
                        "heap",
                        text + "; set taskmanager.memory.task.heap.size: " + rounded(needed) + "m" + inAProcess()
                                + (need.rowBytes() == 0 ? "" : ", or a smaller --cache-mb"));
    }

    private CheckLine offHeap() {
        long needed = need.offHeapBytes();
        String text = "a TaskManager leaves " + mebibytes(process.taskOffHeapBytes())
                + " MiB outside the heap, and the model takes up to " + mebibytes(needed) + " (weights "
                + mebibytes(need.weightBytes()) + ", --state-cache-mb " + mebibytes(need.stateBytes()) + ", engine "
                + mebibytes(MemoryNeed.ENGINE_BYTES) + ")";
        return process.taskOffHeapBytes() >= needed
                ? CheckLine.ok("off-heap", text)
                : CheckLine.warning(
                        "off-heap",
                        text + "; set taskmanager.memory.task.off-heap.size: " + rounded(needed) + "m" + inAProcess());
    }

    private CheckLine metaspace() {
        long needed = MemoryNeed.metaspaceBytes(jobs);
        String text = "a TaskManager has " + mebibytes(process.metaspaceBytes()) + " MiB for classes, and "
                + (jobs == 1 ? "this job needs " : "the " + jobs + " jobs of this kind need ") + mebibytes(needed);
        return process.metaspaceBytes() >= needed
                ? CheckLine.ok("metaspace", text)
                : CheckLine.warning(
                        "metaspace",
                        text + "; set taskmanager.memory.jvm-metaspace.size: " + rounded(needed) + "m" + inAProcess());
    }

    /** The parts of a process of a given size are taken from one another, so that it has to grow with them. */
    private String inAProcess() {
        if (process.processBytes() == 0) {
            return "";
        }
        long more = missing(need.heapBytes(process.slots()), process.taskHeapBytes())
                + missing(need.offHeapBytes(), process.taskOffHeapBytes())
                + missing(MemoryNeed.metaspaceBytes(jobs), process.metaspaceBytes());
        return " and taskmanager.memory.process.size: " + rounded(process.processBytes() + more * 10 / 9) + "m";
    }

    /** In whole steps, as it is recommended. */
    private static long missing(long needed, long there) {
        return needed <= there ? 0 : (rounded(needed) << MEBIBYTE_SHIFT) - there;
    }

    private static long rounded(long bytes) {
        long steps = -Math.floorDiv(-bytes, STEP_MEBIBYTES << MEBIBYTE_SHIFT);
        return steps * STEP_MEBIBYTES;
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%d", -Math.floorDiv(-bytes, 1L << MEBIBYTE_SHIFT));
    }
}
