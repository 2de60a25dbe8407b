package io.bytelm.lm;

/** The engine failed at something that is not known to be wrong with the model, such as a lack of memory: it may pass. */
public final class EngineFailureException extends ModelException {
    private static final long serialVersionUID = 1;

    public EngineFailureException(String message, Throwable cause) {
        super(message, cause);
    }
}
