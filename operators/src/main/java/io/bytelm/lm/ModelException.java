package io.bytelm.lm;

import org.jspecify.annotations.Nullable;

/** A model cannot be loaded or evaluated. The message names the input, the place and the remedy, in one line. */
public class ModelException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ModelException(String message) {
        super(message);
    }

    public ModelException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
