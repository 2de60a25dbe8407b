package io.bytelm.record;

/** An input record cannot be processed. The message is one line for people. */
public final class RejectedRecordException extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    /** @param reason a short word for machines */
    public RejectedRecordException(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** A short word for machines, such as {@code malformed-open}. */
    public String reason() {
        return reason;
    }
}
