package io.bytelm.job.sql;

/** The model did not answer, however often it was asked. */
final class ServiceFailedException extends Exception {
    private static final long serialVersionUID = 1;

    /** @param message what the service did, in one line */
    ServiceFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
