package io.bytelm.job.check;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.configuration.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log of a TaskManager what it has too little of: once a job, whose class loader this class is of. */
final class TaskManagerReport {
    private static final Logger LOG = LoggerFactory.getLogger(TaskManagerReport.class);
    private static final AtomicBoolean SAID = new AtomicBoolean();

    private TaskManagerReport() {}

    static void logFindings(MemoryNeed need, Configuration taskManager) {
        if (!SAID.getAndSet(true)) {
            new MemoryCheck(need, ProcessMemory.ofThisProcess(taskManager), 1)
                    .lines().stream()
                            .filter(CheckLine::isFinding)
                            .forEach(line -> LOG.warn("{}: {}", line.what(), line.text()));
        }
    }
}
