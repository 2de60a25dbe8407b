package io.bytelm.job;

import org.jspecify.annotations.Nullable;

/** The user can mend it: the message is one line that names the input, what is wrong with it, and the remedy. */
public class UserException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UserException(String message) {
        super(message);
    }

    public UserException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
