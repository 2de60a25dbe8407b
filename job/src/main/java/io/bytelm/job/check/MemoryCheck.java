package io.bytelm.job.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.TaskManagerOptions;

/** Compares what a job needs of a TaskManager with what that has. */
final class MemoryCheck {
    private static final int MEBIBYTE_SHIFT = 20;
    private static final long STEP_MEBIBYTES = 64;
    private static final String HEAP = TaskManagerOptions.TASK_HEAP_MEMORY.key();
    private static final String OFF_HEAP = TaskManagerOptions.TASK_OFF_HEAP_MEMORY.key();
    private static final String METASPACE = TaskManagerOptions.JVM_METASPACE.key();
    private static final String MANAGED = TaskManagerOptions.MANAGED_MEMORY_SIZE.key();

    /** The job's state lies in the heap, and needs none; Flink would give it four tenths of the process. */
    private static final String MANAGED_SIZE = "128m";

    private final MemoryNeed need;
    private final ProcessMemory process;
    private final int jobs;

    /** @param jobs of this kind in the process, this one included */
    MemoryCheck(MemoryNeed need, ProcessMemory process, int jobs) {
        this.need = need;
        this.process = process;
        this.jobs = jobs;
    }

    /** Of heap, off-heap memory and metaspace, a line each; where one is a finding, also options that fit together. */
    List<CheckLine> lines() {
        List<CheckLine> lines = new ArrayList<>(List.of(heap(), offHeap(), metaspace()));
        if (lines.stream().anyMatch(CheckLine::isFinding)) {
            lines.add(CheckLine.warning(
                    "memory", "sizes that fit together, in Flink's config.yaml: " + String.join(", ", together())));
        }
        return lines;
    }

    /** The process is as large as Flink itself works out from the parts. */
    private List<String> together() {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put(HEAP, size(Math.max(process.taskHeapBytes(), need.heapBytes(process.slots()))));
        parts.put(OFF_HEAP, size(Math.max(process.taskOffHeapBytes(), need.offHeapBytes())));
        parts.put(METASPACE, size(Math.max(process.metaspaceBytes(), MemoryNeed.metaspaceBytes(jobs))));
        parts.put(MANAGED, MANAGED_SIZE);
        long whole = ProcessMemory.of(Configuration.fromMap(parts)).processBytes();
        parts.put(TaskManagerOptions.TOTAL_PROCESS_MEMORY.key(), size(whole));
        return parts.entrySet().stream()
                .map(part -> part.getKey() + ": " + part.getValue())
                .toList();
    }

    private CheckLine heap() {
        long needed = need.heapBytes(process.slots());
        String text =
                "a TaskManager's tasks have " + mebibytes(process.taskHeapBytes()) + " MiB of Java's heap and need "
                        + mebibytes(needed) + " (twice --cache-mb " + mebibytes(need.rowBytes()) + ", and "
                        + mebibytes(need.heldBytesEach()) + " for each of " + process.slots() + " slots)";
        return process.taskHeapBytes() >= needed
                ? CheckLine.ok("heap", text)
                : CheckLine.warning(
                        "heap",
                        text + "; set " + HEAP + ": " + size(needed)
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
                : CheckLine.warning("off-heap", text + "; set " + OFF_HEAP + ": " + size(needed));
    }

    private CheckLine metaspace() {
        long needed = MemoryNeed.metaspaceBytes(jobs);
        String text = "a TaskManager has " + mebibytes(process.metaspaceBytes()) + " MiB for classes, and "
                + (jobs == 1 ? "this job needs " : "the " + jobs + " jobs of this kind need ") + mebibytes(needed);
        return process.metaspaceBytes() >= needed
                ? CheckLine.ok("metaspace", text)
                : CheckLine.warning("metaspace", text + "; set " + METASPACE + ": " + size(needed));
    }

    /** In whole steps. */
    private static String size(long bytes) {
        long steps = -Math.floorDiv(-bytes, STEP_MEBIBYTES << MEBIBYTE_SHIFT);
        return steps * STEP_MEBIBYTES + "m";
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%d", -Math.floorDiv(-bytes, 1L << MEBIBYTE_SHIFT));
    }
}
