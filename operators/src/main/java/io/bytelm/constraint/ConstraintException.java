package io.bytelm.constraint;

/** A constraint is refused; the message names the reason, the place in the source where there is one, and a remedy. */
public final class ConstraintException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why a constraint is refused. */
    public enum Reason {
        /** The source is not well formed. */
        SYNTAX,
        /** Well formed, but it uses something that this compiler does not enforce. */
        UNSUPPORTED,
        /** No byte string satisfies it. */
        UNSATISFIABLE,
        /** Over the limit on nesting. */
        TOO_DEEP,
        /** Over the limit on states or on memory. */
        TOO_LARGE,
        /** Over the limit on compile time. */
        TOO_SLOW
    }

    private final Reason reason;
    private final int position;

    public ConstraintException(Reason reason, String message) {
        super(message);
        this.reason = reason;
        this.position = -1;
    }

    /** @param position in the source, counted in chars from 0; it is appended to the message */
    public ConstraintException(Reason reason, int position, String message) {
        super(message + " (at position " + position + ")");
        this.reason = reason;
        this.position = position;
    }

    public Reason reason() {
        return reason;
    }

    /** The place in the source, in chars from 0; -1 if the refusal concerns all of it. */
    public int position() {
        return position;
    }
}
