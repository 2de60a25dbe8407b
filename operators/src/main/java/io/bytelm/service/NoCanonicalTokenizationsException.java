package io.bytelm.service;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A service cannot say how its model's tokenizer writes a text; the message says why, in one line. */
public final class NoCanonicalTokenizationsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean isOfAnotherProcess;

    public NoCanonicalTokenizationsException(String message) {
        super(message);
        this.isOfAnotherProcess = false;
    }

    public NoCanonicalTokenizationsException(String message, Throwable cause) {
        super(message, cause);
        this.isOfAnotherProcess = false;
    }

    private NoCanonicalTokenizationsException(String message, @Nullable Throwable cause, boolean isOfAnotherProcess) {
        super(message, cause);
        this.isOfAnotherProcess = isOfAnotherProcess;
    }

    /** What another process says of itself, which may be started anew, of another version or with other files. */
    public static NoCanonicalTokenizationsException ofAnotherProcess(String message, @Nullable Throwable cause) {
        return new NoCanonicalTokenizationsException(message, cause, true);
    }

    /**
     * Whether it would be the same another time. Not so where a file could not be read, for want of handles perhaps, and not
     * of another process.
     */
    public boolean isLasting() {
        if (isOfAnotherProcess) {
            return false;
        }
        for (Throwable at = getCause(); at != null; at = at.getCause()) {
            if (at instanceof IOException) {
                return false;
            }
        }
        return true;
    }
}
