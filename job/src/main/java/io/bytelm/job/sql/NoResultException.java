package io.bytelm.job.sql;

/** A text has no result, whoever computes it, and however often; the message is a line for the one who sent it. */
final class NoResultException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoResultException(String message) {
        super(message);
    }
}
