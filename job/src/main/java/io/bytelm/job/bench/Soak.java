package io.bytelm.job.bench;

import io.bytelm.job.ModelSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Scores the documents of a whole file over and over, by one model or by several at the same time in this process, and watches
 * the memory: what leaks shows as growth after the caches are full. Some requests are given up and asked again, see {@link
 * ImpatientService}.
 */
public final class Soak {
    private static final double SETTLING_SECONDS = 60;
    private static final double MOST_SETTLING_SHARE = 0.5;

    private final BenchSettings settings;
    private final List<byte[]> documents;
    private final Consumer<MemorySample> reports;

    /** @param reports is told of the memory once a minute, on a thread of the soak's own, and not after it */
    public Soak(BenchSettings settings, BenchTexts texts, Consumer<MemorySample> reports) {
        this.settings = settings;
        this.documents = texts.wholeFile();
        this.reports = reports;
    }

    /**
     * @param models each is loaded on its own, also where one is there twice
     * @param minutes more than 0
     * @throws io.bytelm.lm.ModelException if a model cannot be loaded
     */
    public SoakResult run(List<ModelSettings> models, double minutes) {
        List<SoakedModel> opened = new ArrayList<>();
        try {
            models.forEach(model -> opened.add(new SoakedModel(model)));
            Deadline end = Deadline.inSeconds(60 * minutes);
            SoakWatch watch = new SoakWatch(Math.min(SETTLING_SECONDS, 60 * minutes * MOST_SETTLING_SHARE));
            SoakGauges gauges = new SoakGauges(end, opened, documents.size());
            try (SoakSampler unused = new SoakSampler(gauges, watch, reports)) {
                scoreAll(opened, end);
            }
            MemorySample last = gauges.sample();
            watch.see(last);
            return watch.result(
                    last, opened.stream().mapToInt(SoakedModel::leakedArrays).sum());
        } finally {
            opened.forEach(SoakedModel::close);
        }
    }

    private void scoreAll(List<SoakedModel> models, Deadline end) {
        ExecutorService threads = Executors.newFixedThreadPool(models.size());
        try {
            List<Future<?>> running = new ArrayList<>();
            for (SoakedModel model : models) {
                running.add(threads.submit(() -> model.score(documents, settings, end)));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during a soak", e);
        } finally {
            threads.shutdownNow();
        }
    }
}
