package io.bytelm.service;

import io.bytelm.lm.TokenContext;
import java.util.LinkedHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Which context has its row in which of a device's places. The least recently used one goes first, for the reason that
 * {@link RowCache} gives, but never one of the batch that is running. Confined to the thread that calls the model, but for
 * {@link #bytes}.
 */
final class RowPlaces {
    /** No place. */
    static final int NONE = -1;

    /**
     * @param context the instance that is the key
     * @param batch the last one that used it
     */
    private record Kept(TokenContext context, int place, long batch) {}

    private final long maxBytes;
    private final long rowBytes;
    private final int[] free;
    private int freeCount;
    private long batch;
    /** By last use. */
    private final LinkedHashMap<TokenContext, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);

    private final AtomicLong bytes = new AtomicLong();

    /**
     * @param capacity how many places there are
     * @param maxBytes the most memory of rows and of their contexts between batches
     * @param rowBytes the memory of a row on the device
     */
    RowPlaces(int capacity, long maxBytes, long rowBytes) {
        this.maxBytes = maxBytes;
        this.rowBytes = rowBytes;
        this.free = new int[capacity];
        this.freeCount = capacity;
        for (int i = 0; i < capacity; i++) {
            free[i] = capacity - 1 - i; // the lowest place is taken first
        }
    }

    /** What is found or taken from now on stays until the next batch begins. */
    void beginBatch() {
        batch++;
    }

    /** The place of a context's row, {@link #NONE} if it has none. */
    int find(TokenContext context) {
        Kept found = kept.get(context);
        if (found == null) {
            return NONE;
        }
        kept.put(found.context(), new Kept(found.context(), found.place(), batch));
        return found.place();
    }

    /**
     * Gives a context that has none a place, another one's if there is no free one.
     *
     * @return {@link #NONE} if this batch uses all of them
     */
    int take(TokenContext context) {
        if (freeCount == 0 && !freeLeastRecentlyUsed()) {
            return NONE;
        }
        TokenContext own = KeptBeginnings.on(context, this::instance);
        int place = free[--freeCount];
        kept.put(own, new Kept(own, place, batch));
        bytes.addAndGet(bytesOf(own));
        return place;
    }

    private boolean freeLeastRecentlyUsed() {
        Kept eldest = kept.values().iterator().next();
        if (eldest.batch() == batch) {
            return false;
        }
        forget(eldest.context());
        return true;
    }

    /** A row is not there, or not needed any more. */
    void forget(TokenContext context) {
        Kept forgotten = kept.remove(context);
        if (forgotten != null) {
            free[freeCount++] = forgotten.place();
            bytes.addAndGet(-bytesOf(forgotten.context()));
        }
    }

    /** Frees the least recently used rows until the rest is within its bound. */
    void endBatch() {
        beginBatch();
        while (bytes.get() > maxBytes) {
            freeLeastRecentlyUsed();
        }
    }

    private @Nullable TokenContext instance(TokenContext context) {
        Kept found = kept.get(context);
        return found == null ? null : found.context();
    }

    private long bytesOf(TokenContext context) {
        return rowBytes + KeptBeginnings.bytes(context);
    }

    /** The memory (bytes) of what is kept now; any thread may ask. */
    long bytes() {
        return bytes.get();
    }
}
