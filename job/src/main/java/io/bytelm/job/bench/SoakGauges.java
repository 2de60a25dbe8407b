package io.bytelm.job.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** What can be read of a soak at any moment. Thread-safe. */
final class SoakGauges {
    private final Deadline end;
    private final List<SoakedModel> models;
    private final int documents;

    /**
     * @param end tells the time since the beginning
     * @param documents how many differ
     */
    SoakGauges(Deadline end, List<SoakedModel> models, int documents) {
        this.end = end;
        this.models = models;
        this.documents = documents;
    }

    MemorySample sample() {
        return new MemorySample(
                end.secondsElapsed(),
                sum(SoakedModel::bytesScored),
                ProcessUse.rssMegabytes(),
                least(SoakedModel::stateCacheFill),
                least(SoakedModel::rowCacheFill),
                least(SoakedModel::documentsRead) / documents,
                (long) least(SoakedModel::evictedTokens),
                sum(SoakedModel::cancelledRequests),
                sum(SoakedModel::lateRequests));
    }

    private double least(ToDoubleFunction<SoakedModel> gauge) {
        return models.stream().mapToDouble(gauge).min().orElse(Double.NaN);
    }

    private long sum(ToLongFunction<SoakedModel> counter) {
        return models.stream().mapToLong(counter).sum();
    }
}
