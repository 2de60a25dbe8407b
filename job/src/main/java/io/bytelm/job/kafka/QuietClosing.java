package io.bytelm.job.kafka;

import org.apache.flink.util.function.ThrowingRunnable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Steps of closing a part of a task. What fails is logged: Flink takes an exception that a failed task throws while it is
 * closed for a fault of its own, and ends the TaskManager with all jobs on it.
 */
final class QuietClosing {
    private static final Logger LOG = LoggerFactory.getLogger(QuietClosing.class);

    private QuietClosing() {}

    /** @param what "cannot" comes before it */
    static void run(String what, ThrowingRunnable<? extends Exception> step) {
        try {
            step.run();
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            LOG.warn("cannot {}, and goes on closing: {}", what, e.toString(), e);
        }
    }
}
