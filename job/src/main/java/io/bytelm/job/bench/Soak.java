package io.bytelm.job.bench;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.StepPipeline;
import io.bytelm.job.ModelSettings;
import io.bytelm.service.EmbeddedTrieLmService;
import java.util.List;
import java.util.function.Consumer;

/**
 * Scores the documents of a whole file over and over through one service and watches the memory: what leaks shows as
 * growth after the caches are full.
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
     * @param minutes more than 0
     * @throws io.bytelm.lm.ModelException if the model cannot be loaded
     */
    public SoakResult run(ModelSettings modelSettings, double minutes) {
        try (BenchModel model = new BenchModel(modelSettings)) {
            int arraysBefore = model.withEmptyCache().openArrays();
            WatchedModel watched = new WatchedModel(model.withEmptyCache());
            Deadline end = Deadline.inSeconds(60 * minutes);
            SoakWatch watch = new SoakWatch(Math.min(SETTLING_SECONDS, 60 * minutes * MOST_SETTLING_SHARE));
            MemorySample last;
            try (EmbeddedTrieLmService service = model.serviceOver(watched)) {
                SoakGauges gauges = new SoakGauges(
                        end, watched, service, modelSettings.service().cacheBytes(), documents.size());
                try (SoakSampler unused = new SoakSampler(gauges, watch, reports)) {
                    score(service, model.vocabulary().bosToken(), end, gauges);
                }
                last = gauges.sample();
                watch.see(last);
            }
            return watch.result(last, model.withEmptyCache().openArrays() - arraysBefore);
        }
    }

    private void score(EmbeddedTrieLmService service, int bosToken, Deadline end, SoakGauges gauges) {
        Beam start = Beam.initial(bosToken, BeamParams.of(settings.width(), settings.firstThreshold()));
        new StepPipeline(service, settings.inFlight())
                .forEach(
                        () -> new Cycle<>(documents, () -> !end.isOver()),
                        text -> Reading.whole(start, text, end),
                        (text, reading) -> gauges.countDocument(reading.bytesRead()));
    }
}
