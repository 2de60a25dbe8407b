package io.bytelm.lm.batch;

/**
 * Who asks, so that nobody waits behind somebody else's burst, and for how long an answer is of use. They change no answer.
 *
 * @param client shares the model fairly with other clients: a job's lease, a connection
 * @param session shares what its client has fairly with the client's other sessions
 * @param patienceMillis how long (ms) from now an answer is of use; what is late is not computed.
 *     {@link Long#MAX_VALUE} for ever
 */
public record Terms(long client, long session, long patienceMillis) {
    /** Of one client who waits for ever. */
    public static final Terms NONE = new Terms(0, 0, Long.MAX_VALUE);

    /** @throws IllegalArgumentException if the patience is not positive */
    public Terms {
        if (patienceMillis < 1) {
            throw new IllegalArgumentException("patienceMillis must be at least 1, got " + patienceMillis);
        }
    }

    /** The same for another client. */
    public Terms of(long otherClient) {
        return new Terms(otherClient, session, patienceMillis);
    }
}
