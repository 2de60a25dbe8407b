package io.bytelm.constraint;

import org.jspecify.annotations.Nullable;

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
        /** Over the limit on the work of compiling. */
        TOO_SLOW
    }

    /** Longer messages are cut: a source can be a megabyte, and its names go into messages. */
    private static final int MOST_CHARS = 1_000;

    private static final int TAIL_CHARS = 300;

    private final Reason reason;
    private final int position;
    private final @Nullable String place;

    /** @param message its middle is left out where it is very long */
    public ConstraintException(Reason reason, String message) {
        this(reason, message, -1, null);
    }

    private ConstraintException(Reason reason, String message, int position, @Nullable String place) {
        super(shortened(message));
        this.reason = reason;
        this.position = position;
        this.place = place;
    }

    /** @param place in a schema, as a JSON pointer after {@code #}; the message begins with it */
    public static ConstraintException at(Reason reason, String place, String why) {
        return new ConstraintException(reason, place + ": " + why, -1, place);
    }

    /** @param position in the source, counted in chars from 0; it is appended to the message */
    public ConstraintException(Reason reason, int position, String message) {
        super(shortened(message) + " (at position " + position + ")");
        this.reason = reason;
        this.position = position;
        this.place = null;
    }

    private static String shortened(String message) {
        return message.length() <= MOST_CHARS
                ? message
                : message.substring(0, MOST_CHARS - TAIL_CHARS) + " ... "
                        + message.substring(message.length() - TAIL_CHARS);
    }

    /** Whether it is over a limit: with higher limits the constraint might be accepted. */
    public boolean isOverALimit() {
        return reason == Reason.TOO_DEEP || reason == Reason.TOO_LARGE || reason == Reason.TOO_SLOW;
    }

    public Reason reason() {
        return reason;
    }

    /** The place in a schema, as a JSON pointer after {@code #}; null if the refusal names none. */
    public @Nullable String place() {
        return place;
    }

    /** The place in the source, in chars from 0; -1 if the refusal concerns all of it. */
    public int position() {
        return position;
    }
}
