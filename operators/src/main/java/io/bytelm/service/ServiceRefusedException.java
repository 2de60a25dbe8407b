package io.bytelm.service;

/**
 * The service does not answer a request that it could answer: another time, or another service, would. The message says why
 * in one line.
 */
public final class ServiceRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why a request is not answered. */
    public enum Reason {
        /** The service ends, is not there, or cannot be reached. */
        UNAVAILABLE,
        /** Too many requests wait. */
        EXHAUSTED,
        /** The answer would have come too late, and was not computed. */
        LATE,
        /** What answers is not the model that was asked before. */
        WRONG_MODEL
    }

    private final Reason reason;
    private final long retryAfterMillis;

    private ServiceRefusedException(Reason reason, String message, long retryAfterMillis) {
        super(message);
        this.reason = reason;
        this.retryAfterMillis = retryAfterMillis;
    }

    /** The service ends, is not there, or cannot be reached. */
    public static ServiceRefusedException unavailable(String message) {
        return new ServiceRefusedException(Reason.UNAVAILABLE, message, 0);
    }

    /** @param retryAfterMillis when there is room again, roughly (ms) */
    public static ServiceRefusedException exhausted(String message, long retryAfterMillis) {
        return new ServiceRefusedException(Reason.EXHAUSTED, message, retryAfterMillis);
    }

    /** @param patienceMillis how long (ms) the answer would have been of use */
    public static ServiceRefusedException late(long patienceMillis) {
        return new ServiceRefusedException(
                Reason.LATE, "no answer of the trie/LM service within " + patienceMillis + " ms", 0);
    }

    /** What answers is not the model that was asked before. */
    public static ServiceRefusedException wrongModel(String message) {
        return new ServiceRefusedException(Reason.WRONG_MODEL, message, 0);
    }

    public Reason reason() {
        return reason;
    }

    /** When it may be tried again (ms); 0 if that is not known. */
    public long retryAfterMillis() {
        return retryAfterMillis;
    }
}
