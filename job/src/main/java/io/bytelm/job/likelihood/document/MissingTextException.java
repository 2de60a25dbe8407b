package io.bytelm.job.likelihood.document;

import java.io.IOException;

/** A file has no text where text was expected. The message is for users. */
final class MissingTextException extends IOException {
    private static final long serialVersionUID = 1;

    MissingTextException(String message) {
        super(message);
    }
}
