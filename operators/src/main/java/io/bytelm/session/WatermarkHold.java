package io.bytelm.session;

import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.function.ThrowingConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds watermarks and changes of their status back until every element that came before them is done. Of what comes
 * between two elements only the newest watermark and the newest status count, so it holds no more than there are elements
 * in flight. Confined to the task thread.
 */
final class WatermarkHold {
    /** The elements between two held watermarks; the second one is let go after the last of them. */
    static final class Epoch {
        private int open;
        private @Nullable Watermark watermark;
        private @Nullable WatermarkStatus status;

        private boolean isClosed() {
            return watermark != null || status != null;
        }
    }

    private final ThrowingConsumer<Watermark, Exception> emitWatermark;
    private final ThrowingConsumer<WatermarkStatus, Exception> emitStatus;
    private final Deque<Epoch> epochs = new ArrayDeque<>();

    WatermarkHold(
            ThrowingConsumer<Watermark, Exception> emitWatermark,
            ThrowingConsumer<WatermarkStatus, Exception> emitStatus) {
        this.emitWatermark = emitWatermark;
        this.emitStatus = emitStatus;
    }

    /** An element came; what comes later waits for {@link #leave}. */
    Epoch enter() {
        Epoch newest = epochs.peekLast();
        if (newest == null || newest.isClosed()) {
            newest = new Epoch();
            epochs.add(newest);
        }
        newest.open++;
        return newest;
    }

    /** An element of this epoch is done. */
    void leave(Epoch epoch) throws Exception {
        epoch.open--;
        Epoch oldest = epochs.peekFirst();
        while (oldest != null && oldest.open == 0) {
            epochs.removeFirst();
            release(oldest);
            oldest = epochs.peekFirst();
        }
    }

    void watermark(Watermark watermark) throws Exception {
        Epoch newest = epochs.peekLast();
        if (newest == null) {
            emitWatermark.accept(watermark);
        } else {
            newest.watermark = watermark;
        }
    }

    void status(WatermarkStatus status) throws Exception {
        Epoch newest = epochs.peekLast();
        if (newest == null) {
            emitStatus.accept(status);
        } else {
            newest.status = status;
        }
    }

    /** How many epochs end with a watermark or status that is held back. */
    int heldBack() {
        Epoch newest = epochs.peekLast();
        return newest == null || newest.isClosed() ? epochs.size() : epochs.size() - 1;
    }

    /** An idle output drops watermarks: it turns active before, and idle after the watermark. */
    private void release(Epoch epoch) throws Exception {
        WatermarkStatus status = epoch.status;
        if (status != null && status.isActive()) {
            emitStatus.accept(status);
        }
        if (epoch.watermark != null) {
            emitWatermark.accept(epoch.watermark);
        }
        if (status != null && status.isIdle()) {
            emitStatus.accept(status);
        }
    }
}
