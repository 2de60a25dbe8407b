package io.bytelm.job.bench;

import io.bytelm.service.EmbeddedTrieLmService;
import java.util.concurrent.atomic.LongAdder;

/** What can be read of a soak at any moment. Thread-safe. */
final class SoakGauges {
    private final Deadline end;
    private final WatchedModel model;
    private final EmbeddedTrieLmService service;
    private final long rowCacheBytes;
    private final int documents;
    private final LongAdder bytes = new LongAdder();
    private final LongAdder documentsRead = new LongAdder();

    /**
     * @param end tells the time since the beginning
     * @param rowCacheBytes the most memory for probabilities
     * @param documents how many differ
     */
    SoakGauges(Deadline end, WatchedModel model, EmbeddedTrieLmService service, long rowCacheBytes, int documents) {
        this.end = end;
        this.model = model;
        this.service = service;
        this.rowCacheBytes = rowCacheBytes;
        this.documents = documents;
    }

    void countDocument(int length) {
        bytes.add(length);
        documentsRead.increment();
    }

    MemorySample sample() {
        return new MemorySample(
                end.secondsElapsed(),
                bytes.sum(),
                ProcessUse.rssMegabytes(),
                model.stateCacheFill(),
                rowCacheBytes == 0 ? 1 : (double) service.statistics().cachedBytes() / rowCacheBytes,
                (double) documentsRead.sum() / documents);
    }
}
