package io.bytelm.job.bench;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.StepPipeline;
import io.bytelm.job.ModelSettings;
import io.bytelm.service.EmbeddedTrieLmService;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** One of the models of a soak, and the service over it. One thread scores; any may read the numbers meanwhile. */
final class SoakedModel implements AutoCloseable {
    private final BenchModel model;
    private final int arraysBefore;
    private final long rowCacheBytes;
    private final WatchedModel watched;
    private final EmbeddedTrieLmService service;
    private final ImpatientService asked;
    private final LongAdder bytes = new LongAdder();
    private final LongAdder documentsRead = new LongAdder();

    /** @throws io.bytelm.lm.ModelException if the model cannot be loaded */
    SoakedModel(ModelSettings settings) {
        this.model = new BenchModel(settings);
        this.arraysBefore = model.withEmptyCache().openArrays();
        this.rowCacheBytes = settings.service().cacheBytes();
        this.watched = new WatchedModel(model.withEmptyCache());
        this.service = model.serviceOver(watched);
        this.asked = new ImpatientService(service);
    }

    /** Scores documents over and over until the time is over. */
    void score(List<byte[]> documents, BenchSettings settings, Deadline end) {
        BeamParams params = BeamParams.of(settings.width(), settings.firstThreshold());
        Beam start = Beam.initial(model.vocabulary().bosToken(), params);
        new StepPipeline(asked, settings.inFlight())
                .forEach(
                        () -> new Cycle<>(documents, () -> !end.isOver()),
                        text -> Reading.whole(start, text, end),
                        (text, reading) -> {
                            bytes.add(reading.bytesRead());
                            documentsRead.increment();
                        });
    }

    long bytesScored() {
        return bytes.sum();
    }

    long documentsRead() {
        return documentsRead.sum();
    }

    /** How much of the state cache's memory has ever been used: 0 to 1. */
    double stateCacheFill() {
        return watched.stateCacheFill();
    }

    /** How much of the cache of probabilities is in use: 0 to 1. */
    double rowCacheFill() {
        return rowCacheBytes == 0 ? 1 : (double) service.statistics().cachedBytes() / rowCacheBytes;
    }

    long evictedTokens() {
        return watched.evictedTokens();
    }

    long cancelledRequests() {
        return asked.cancelled();
    }

    long lateRequests() {
        return asked.late();
    }

    /** Ends the service; how many tensors are alive that were not before it. */
    int leakedArrays() {
        service.close();
        return model.withEmptyCache().openArrays() - arraysBefore;
    }

    @Override
    public void close() {
        service.close();
        model.close();
    }
}
