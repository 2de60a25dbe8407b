package io.bytelm.job.check;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;

/**
 * How a TaskManager's memory is divided, in bytes.
 *
 * @param slots tasks of a job that it runs at most
 * @param taskHeapBytes of Java's heap, what is left for tasks
 * @param taskOffHeapBytes outside the heap, what Flink leaves for tasks
 * @param metaspaceBytes for classes
 * @param processBytes the whole process
 */
record ProcessMemory(int slots, long taskHeapBytes, long taskOffHeapBytes, long metaspaceBytes, long processBytes) {
    /**
     * As Flink divides it by a configuration.
     *
     * @throws IllegalConfigurationException if the configuration does not add up
     */
    static ProcessMemory of(Configuration configuration) {
        TaskExecutorProcessSpec process = TaskExecutorProcessUtils.processSpecFromConfig(configuration);
        return new ProcessMemory(
                configuration.get(TaskManagerOptions.NUM_TASK_SLOTS),
                process.getTaskHeapSize().getBytes(),
                process.getTaskOffHeapSize().getBytes(),
                process.getJvmMetaspaceAndOverhead().getMetaspace().getBytes(),
                process.getTotalProcessMemorySize().getBytes());
    }

    /** As a TaskManager's own configuration says it, to which Flink's scripts have added the parts. */
    static ProcessMemory ofThisProcess(Configuration taskManager) {
        return new ProcessMemory(
                taskManager.get(TaskManagerOptions.NUM_TASK_SLOTS),
                bytes(taskManager
                        .getOptional(TaskManagerOptions.TASK_HEAP_MEMORY)
                        .orElseGet(ProcessMemory::wholeHeap)),
                bytes(taskManager.get(TaskManagerOptions.TASK_OFF_HEAP_MEMORY)),
                bytes(taskManager.get(TaskManagerOptions.JVM_METASPACE)),
                taskManager
                        .getOptional(TaskManagerOptions.TOTAL_PROCESS_MEMORY)
                        .map(MemorySize::getBytes)
                        .orElse(0L));
    }

    private static MemorySize wholeHeap() {
        return new MemorySize(Runtime.getRuntime().maxMemory());
    }

    private static long bytes(MemorySize size) {
        return size.getBytes();
    }
}
