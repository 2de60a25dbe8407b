package io.bytelm.job.bench;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.StepPipeline;
import io.bytelm.job.ModelSettings;
import io.bytelm.service.EmbeddedTrieLmService;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BooleanSupplier;

/** Scores documents for a long time through one service and looks at the memory: what leaks shows as growth. */
public final class Soak {
    private static final double SETTLING_SECONDS = 60;
    private static final double MOST_SETTLING_SHARE = 0.5;

    private final BenchSettings settings;
    private final BenchTexts texts;

    public Soak(BenchSettings settings, BenchTexts texts) {
        this.settings = settings;
        this.texts = texts;
    }

    /**
     * What was seen.
     *
     * @param minutes how long it took
     * @param bytes scored
     * @param settledMegabytes resident memory (MiB) after the first minute, or after half of a shorter run
     * @param endMegabytes resident memory (MiB) at the end
     * @param leakedArrays tensors alive at the end that were not before
     */
    public record Result(double minutes, long bytes, double settledMegabytes, double endMegabytes, int leakedArrays) {}

    /**
     * @param minutes more than 0
     * @throws io.bytelm.lm.ModelException if the model cannot be loaded
     */
    public Result run(ModelSettings modelSettings, double minutes) {
        try (BenchModel model = new BenchModel(modelSettings)) {
            int arraysBefore = model.withEmptyCache().openArrays();
            Deadline end = Deadline.inSeconds(60 * minutes);
            Deadline settled = Deadline.inSeconds(Math.min(SETTLING_SECONDS, 60 * minutes * MOST_SETTLING_SHARE));
            long bytes;
            double settledMegabytes;
            try (EmbeddedTrieLmService service = model.serviceOver(new MeasuredModel(model.withEmptyCache()))) {
                bytes = score(service, model, settled);
                settledMegabytes = ProcessUse.rssMegabytes();
                bytes += score(service, model, end);
            }
            double endMegabytes = ProcessUse.rssMegabytes();
            int leaked = model.withEmptyCache().openArrays() - arraysBefore;
            return new Result(end.secondsElapsed() / 60, bytes, settledMegabytes, endMegabytes, leaked);
        }
    }

    private long score(EmbeddedTrieLmService service, BenchModel model, Deadline until) {
        Beam start =
                Beam.initial(model.vocabulary().bosToken(), BeamParams.of(settings.width(), settings.firstThreshold()));
        long[] bytes = {0};
        new StepPipeline(service, settings.documents())
                .forEach(
                        () -> new Cycle<>(texts.documents(), () -> !until.isOver()),
                        text -> Reading.whole(start, text, until),
                        (text, reading) -> bytes[0] += reading.bytesRead());
        return bytes[0];
    }

    /** The items over and over, for as long as it goes on. */
    private static final class Cycle<T> implements Iterator<T> {
        private final List<T> items;
        private final BooleanSupplier goesOn;
        private int next;

        Cycle(List<T> items, BooleanSupplier goesOn) {
            this.items = items;
            this.goesOn = goesOn;
        }

        @Override
        public boolean hasNext() {
            return goesOn.getAsBoolean();
        }

        @Override
        public T next() {
            if (items.isEmpty()) {
                throw new NoSuchElementException("there are no items");
            }
            return items.get(next++ % items.size());
        }
    }
}
