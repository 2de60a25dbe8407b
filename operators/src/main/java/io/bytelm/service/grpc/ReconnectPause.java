package io.bytelm.service.grpc;

import java.util.Random;

/**
 * How long to wait before an endpoint is tried again: twice as long each time, up to some seconds, and of that a random half
 * to whole, so that the clients of one that went do not all come back at once. Confined to the client's loop.
 */
final class ReconnectPause {
    static final long LONGEST_MILLIS = 5_000;
    private static final long FIRST_MILLIS = 100;

    private final Random jitter = new Random();
    private long wholeMillis = FIRST_MILLIS;

    /** The pause before the next attempt; the one after it is longer. */
    long nextMillis() {
        long millis = wholeMillis / 2 + jitter.nextLong(wholeMillis / 2 + 1);
        wholeMillis = Math.min(LONGEST_MILLIS, 2 * wholeMillis);
        return millis;
    }

    /** The endpoint was there: what comes now is no failure in a row. */
    void isShortAgain() {
        wholeMillis = FIRST_MILLIS;
    }
}
