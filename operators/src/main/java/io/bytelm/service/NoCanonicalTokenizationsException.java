package io.bytelm.service;

import java.io.IOException;

/** A service cannot say how its model's tokenizer writes a text; the message says why, in one line. */
public final class NoCanonicalTokenizationsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NoCanonicalTokenizationsException(String message) {
        super(message);
    }

    public NoCanonicalTokenizationsException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether it would be the same another time; not so where a file could not be read, for want of handles perhaps. */
    public boolean isLasting() {
        for (Throwable at = getCause(); at != null; at = at.getCause()) {
            if (at instanceof IOException) {
                return false;
            }
        }
        return true;
    }
}
