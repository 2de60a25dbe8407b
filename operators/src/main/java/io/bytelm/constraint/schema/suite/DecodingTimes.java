package io.bytelm.constraint.schema.suite;

import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.Cursor;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;

/**
 * Times what decoding asks of a constraint at each byte: which bytes may come if so many are left, and the step. Each document
 * is walked twice: with as many bytes as it takes, so that near its end most bytes do not fit any more, and with twice as
 * many. Used by one thread.
 */
final class DecodingTimes {
    private static final int MAX_DOCUMENTS = 3_000;
    private static final int WARM_UP_PASSES = 3;
    private static final int[] BUDGETS = {1, 2};

    private record Timed(Constraint constraint, byte[] document) {}

    private final List<Timed> documents = new ArrayList<>();
    private final Samples maskNanos = new Samples();
    private double nanosPerStep;
    private double nanosPerByte;

    /** Adds a document that will be walked, if there are not enough of them. */
    void add(Constraint constraint, byte[] document) {
        if (documents.size() < MAX_DOCUMENTS) {
            documents.add(new Timed(constraint, document));
        }
    }

    /** Walks all documents. */
    void run() {
        for (int pass = 0; pass < WARM_UP_PASSES; pass++) {
            walkAll(false);
            walkAll(true);
        }
        nanosPerStep = nanosPerByte(false);
        nanosPerByte = nanosPerByte(true);
        for (Timed timed : documents) {
            for (int budget : BUDGETS) {
                timeMasks(timed, budget * timed.document.length);
            }
        }
    }

    private double nanosPerByte(boolean masked) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        long bytes = walkAll(masked);
        return bytes == 0 ? 0 : (double) (threads.getCurrentThreadCpuTime() - start) / bytes;
    }

    private long walkAll(boolean masked) {
        long bytes = 0;
        for (Timed timed : documents) {
            for (int budget : BUDGETS) {
                int budgetBytes = budget * timed.document.length;
                bytes += masked ? walk(timed, budgetBytes) : step(timed);
            }
        }
        return bytes;
    }

    private static int walk(Timed timed, int budgetBytes) {
        Cursor cursor = timed.constraint.start();
        for (int i = 0; i < timed.document.length; i++) {
            int b = timed.document[i] & 0xFF;
            Cursor next = cursor.live(budgetBytes - i).contains(b) ? cursor.step(b) : null;
            if (next == null) {
                return i;
            }
            cursor = next;
        }
        return timed.document.length;
    }

    /** The same without the masks. */
    private static int step(Timed timed) {
        Cursor cursor = timed.constraint.start();
        for (int i = 0; i < timed.document.length; i++) {
            Cursor next = cursor.step(timed.document[i] & 0xFF);
            if (next == null) {
                return i;
            }
            cursor = next;
        }
        return timed.document.length;
    }

    private void timeMasks(Timed timed, int budgetBytes) {
        Cursor cursor = timed.constraint.start();
        for (int i = 0; i < timed.document.length; i++) {
            int b = timed.document[i] & 0xFF;
            long start = System.nanoTime();
            boolean live = cursor.live(budgetBytes - i).contains(b);
            maskNanos.add(System.nanoTime() - start);
            Cursor next = live ? cursor.step(b) : null;
            if (next == null) {
                break;
            }
            cursor = next;
        }
    }

    /** Processor time of mask and step, in the mean. */
    double nanosPerByte() {
        return nanosPerByte;
    }

    /** Processor time of the mask alone, in the mean: that of both less that of the step. */
    double nanosPerMask() {
        return Math.max(0, nanosPerByte - nanosPerStep);
    }

    /** Times of the mask alone; the clock's own time is in them. */
    Samples maskNanos() {
        return maskNanos;
    }
}
