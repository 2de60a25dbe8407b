package io.bytelm.service;

/** A service cannot say how its model's tokenizer writes a text; the message says why, in one line. */
public final class NoCanonicalTokenizationsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NoCanonicalTokenizationsException(String message) {
        super(message);
    }

    public NoCanonicalTokenizationsException(String message, Throwable cause) {
        super(message, cause);
    }
}
