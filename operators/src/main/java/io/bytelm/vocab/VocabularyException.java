package io.bytelm.vocab;

import org.jspecify.annotations.Nullable;

/** A vocabulary cannot be read. The message is one line that names the file, what is wrong with it, and the remedy. */
public class VocabularyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public VocabularyException(String message) {
        super(message);
    }

    public VocabularyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
