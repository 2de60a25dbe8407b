package io.bytelm.job.likelihood.document;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file's bytes are not what its name says: the data's own fault. The message is for users and names no library. */
final class DamagedException extends IOException {
    private static final long serialVersionUID = 1;

    DamagedException(String message) {
        super(message);
    }

    DamagedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
