package io.bytelm.job.cluster;

import java.util.Map;

/** How a TaskManager's memory is divided; Flink's scripts work this out, and TaskManagerRunner wants to be told. */
final class TaskManagerMemory {
    private TaskManagerMemory() {}

    /** Enough for a small model, whose weights are outside of what Flink counts. */
    static final Map<String, String> SMALL = Map.ofEntries(
            Map.entry("taskmanager.cpu.cores", "1.0"),
            Map.entry("taskmanager.memory.framework.heap.size", "128m"),
            Map.entry("taskmanager.memory.framework.off-heap.size", "64m"),
            Map.entry("taskmanager.memory.task.heap.size", "256m"),
            Map.entry("taskmanager.memory.task.off-heap.size", "0m"),
            Map.entry("taskmanager.memory.network.min", "32m"),
            Map.entry("taskmanager.memory.network.max", "32m"),
            Map.entry("taskmanager.memory.managed.size", "64m"),
            Map.entry("taskmanager.memory.jvm-metaspace.size", "256m"),
            Map.entry("taskmanager.memory.jvm-overhead.min", "128m"),
            Map.entry("taskmanager.memory.jvm-overhead.max", "128m"));
}
