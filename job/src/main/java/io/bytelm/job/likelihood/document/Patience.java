package io.bytelm.job.likelihood.document;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Serializable;
import java.nio.channels.ClosedByInterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How often something is tried that a file system or a network refuses. Pauses double.
 *
 * @param attempts at least 1
 * @param firstPauseMillis after the first failure
 * @param longestPauseMillis no pause is longer
 */
record Patience(int attempts, long firstPauseMillis, long longestPauseMillis) implements Serializable {
    /** A little more than a minute. */
    static final Patience USUAL = new Patience(8, 500, 30_000);

    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);

    /** What may be refused. */
    @FunctionalInterface
    interface Attempt<T> {
        T make() throws IOException;
    }

    /**
     * Makes attempts until one succeeds.
     *
     * @param file names the input in messages
     * @param undo is called after each attempt that failed
     * @throws InputFailure if none succeeds, or if the thread is interrupted
     */
    <T> T until(String file, Attempt<T> attempt, Runnable undo) {
        long pauseMillis = firstPauseMillis;
        for (int made = 1; ; made++) {
            try {
                return attempt.make();
            } catch (InputFailure e) {
                throw e;
            } catch (IOException | RuntimeException | LinkageError e) {
                undo.run();
                if (made >= attempts || isInterruption(e)) {
                    throw new InputFailure(
                            "input " + file + " cannot be read (" + reason(e) + "), after " + made
                                    + (made == 1 ? " attempt" : " attempts")
                                    + "; the same command goes on from the last checkpoint once it can be read",
                            e);
                }
                LOG.warn("input {} cannot be read, attempt {} of {}: {}", file, made, attempts, reason(e));
                pause(file, pauseMillis);
                pauseMillis = Math.min(2 * pauseMillis, longestPauseMillis);
            }
        }
    }

    private static boolean isInterruption(Throwable e) {
        return e instanceof InterruptedIOException && !(e instanceof java.net.SocketTimeoutException)
                || e instanceof ClosedByInterruptException
                || Thread.currentThread().isInterrupted();
    }

    /** What a file system says is the user's only hint. */
    private static String reason(Throwable e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private static void pause(String file, long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InputFailure("reading " + file + " was interrupted", e);
        }
    }
}
