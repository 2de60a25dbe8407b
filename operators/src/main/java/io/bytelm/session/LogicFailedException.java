package io.bytelm.session;

import java.util.function.Supplier;

/**
 * The session's logic failed at one record: a fault of this program that other records need not have. Only what runs inside
 * of {@link #guarding} is told in this way, so that an exception of Flink or of the service, which every other record
 * would meet too, still fails the task.
 */
final class LogicFailedException extends Exception {
    private static final long serialVersionUID = 1;
    private static final int MOST_CAUSES = 100;

    private final RuntimeException fault;

    private LogicFailedException(RuntimeException fault) {
        super(fault);
        this.fault = fault;
    }

    /** What the logic threw. */
    RuntimeException fault() {
        return fault;
    }

    /**
     * Runs a part of the logic, which calls neither Flink nor the service.
     *
     * @throws LogicFailedException if it throws an exception
     * @throws Error if it throws one, also as the cause of an exception: memory has run out, or worse
     */
    static <T> T guarding(Supplier<T> part) throws LogicFailedException {
        try {
            return part.get();
        } catch (RuntimeException fault) {
            Throwable cause = fault;
            for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
                if (cause instanceof Error error) {
                    throw error;
                }
                cause = cause.getCause();
            }
            throw new LogicFailedException(fault);
        }
    }
}
