package io.bytelm.job.cluster;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Waits for something that other processes do. */
final class Await {
    private static final long PAUSE_MILLIS = 100;

    private Await() {}

    /** Something that can be asked over and over, and may fail while those who answer are away. */
    interface Question {
        boolean isAnsweredYes() throws IOException, InterruptedException;
    }

    /** @throws AssertionError that says what did not happen, with the last failure of asking as its cause */
    static void until(String what, Duration patience, Question question) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        IOException lastFailure = null;
        while (System.nanoTime() < deadline) {
            try {
                if (question.isAnsweredYes()) {
                    return;
                }
                lastFailure = null;
            } catch (IOException e) {
                lastFailure = e;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        throw timedOut("not within " + patience.toSeconds() + " s: " + what, lastFailure);
    }

    private static AssertionError timedOut(String message, @Nullable Throwable cause) {
        return new AssertionError(message, cause);
    }
}
