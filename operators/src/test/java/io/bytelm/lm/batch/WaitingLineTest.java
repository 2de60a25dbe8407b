package io.bytelm.lm.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.batch.WaitingLine.Answered;
import io.bytelm.lm.batch.WaitingLine.Waiting;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WaitingLineTest {
    private final AtomicLong nowNanos = new AtomicLong();
    private final WaitingLine<Integer, Integer> line = new WaitingLine<>(
            new BatchLimits(10, 0, 1000),
            new BatchRefusals(IllegalStateException::new, millis -> new IllegalStateException("full")),
            nowNanos::get);

    @Test
    void whoCameALittleTooLateIsAwaitedTheNextTime() throws Exception {
        enterAt(1, 1, 2, 3, 4);
        line.next(answered(0, 2));
        enterAt(1001, 5);
        nowNanos.set(millis(1012)); // longer than a pause of 10 ms
        assertThat(line.next(answered(4, 1000))).hasSize(1);
        enterAt(1020, 6, 7, 8, 9);
        assertThat(line.next(answered(0, 2000))).hasSize(4);

        nowNanos.set(millis(3000));
        CompletableFuture<List<Waiting<Integer, Integer>>> batch = new CompletableFuture<>();
        Thread worker = new Thread(() -> batch.complete(line.next(answered(3, 3000))));
        worker.start();
        while (worker.getState() != Thread.State.WAITING) {
            Thread.sleep(1);
        }
        enterAt(3001, 10, 11);
        Thread.sleep(100);
        assertThat(batch).as("two of three have come").isNotDone();
        enterAt(3002, 12);
        assertThat(batch.get()).hasSize(3);
    }

    /** A batch of 120 ms, after which 40 ms are worth waiting. */
    private static Answered answered(int requests, long atMillis) {
        return new Answered(requests, millis(120), millis(40), millis(atMillis));
    }

    private void enterAt(long atMillis, int... requests) {
        nowNanos.set(millis(atMillis));
        for (int request : requests) {
            var unused = line.enter(request, Terms.NONE);
        }
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
