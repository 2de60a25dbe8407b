package io.bytelm.job.bench;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.beam.StepPipeline;
import io.bytelm.combine.Combination;
import io.bytelm.combine.CombinedText;
import io.bytelm.combine.ModelBeam;
import io.bytelm.job.ModelSettings;
import io.bytelm.service.ModelsTogether;
import io.bytelm.service.TrieLmService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Several models together beside each of them alone, in turns over the same documents; all stay loaded all the time, and
 * every turn begins with empty caches.
 */
public final class CombinedComparison {
    private final BenchSettings settings;
    private final List<byte[]> documents;
    private final Consumer<String> progress;

    /**
     * Bytes per second.
     *
     * @param alone of each model
     * @param together of all
     */
    public record Round(List<Double> alone, double together) {
        /** What the models would reach together if each took turns with the others and nothing was lost. */
        public double shared() {
            return 1 / alone.stream().mapToDouble(speed -> 1 / speed).sum();
        }

        /** The share of {@link #shared} that they reach. */
        public double efficiency() {
            return together / shared();
        }
    }

    /** @param rounds at least one */
    public record Result(List<Round> rounds) {
        /** Of the middle one of the rounds. */
        public double efficiency() {
            double[] sorted =
                    rounds.stream().mapToDouble(Round::efficiency).sorted().toArray();
            int middle = sorted.length / 2;
            return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }

        /** The mean over the rounds, bytes per second. */
        public double alone(int model) {
            return rounds.stream()
                    .mapToDouble(round -> round.alone().get(model))
                    .average()
                    .orElse(Double.NaN);
        }

        /** The mean over the rounds, bytes per second. */
        public double shared() {
            return rounds.stream().mapToDouble(Round::shared).average().orElse(Double.NaN);
        }

        /** The mean over the rounds, bytes per second. */
        public double together() {
            return rounds.stream().mapToDouble(Round::together).average().orElse(Double.NaN);
        }
    }

    private record Reading(CombinedText text, int bytesRead) {}

    /** @param progress is told what begins, in a few words */
    public CombinedComparison(BenchSettings settings, BenchTexts texts, Consumer<String> progress) {
        this.settings = settings;
        this.documents = texts.documents();
        this.progress = progress;
    }

    /**
     * @param models each is loaded on its own, also where one is there twice
     * @param warmUpRounds those before the rounds that count
     * @throws io.bytelm.lm.ModelException if a model or its tokenizer cannot be loaded
     */
    public Result run(List<ModelSettings> models, Combination combination, int warmUpRounds, int rounds) {
        List<BenchModel> opened = new ArrayList<>();
        try {
            for (ModelSettings model : models) {
                progress.accept("load " + model.name());
                opened.add(new BenchModel(model));
            }
            List<Round> measured = new ArrayList<>();
            for (int i = 0; i < warmUpRounds + rounds; i++) {
                Round round = round(opened, combination);
                if (i >= warmUpRounds) {
                    measured.add(round);
                }
            }
            return new Result(measured);
        } finally {
            opened.forEach(BenchModel::close);
        }
    }

    private Round round(List<BenchModel> models, Combination combination) {
        List<Double> alone = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            progress.accept("model " + (i + 1) + " alone");
            alone.add(new ByteLevelMeasurements(models.get(i), settings.width())
                    .documents(documents, settings.inFlight(), settings.firstThreshold(), settings.secondsEach(), 1)
                    .bytesPerSecond());
        }
        progress.accept("together");
        return new Round(List.copyOf(alone), together(models, combination));
    }

    private double together(List<BenchModel> models, Combination combination) {
        List<TrieLmService> services = new ArrayList<>();
        List<ModelBeam> begin = new ArrayList<>();
        BeamParams params = BeamParams.of(settings.width(), settings.firstThreshold());
        for (BenchModel model : models) {
            services.add(model.serviceOver(new MeasuredModel(model.withEmptyCache())));
            begin.add(new ModelBeam(Beam.initial(model.vocabulary().bosToken(), params)));
        }
        AtomicLong bytes = new AtomicLong();
        Deadline deadline = Deadline.inSeconds(settings.secondsEach());
        try (ModelsTogether together = new ModelsTogether(services)) {
            CombinedText start = CombinedText.begin(begin, combination);
            new StepPipeline(together, settings.inFlight())
                    .forEach(
                            documents,
                            text -> read(start, text, deadline),
                            (text, reading) -> bytes.addAndGet(reading.bytesRead));
            return bytes.get() / deadline.secondsElapsed();
        }
    }

    private static Step<Reading> read(CombinedText start, byte[] text, Deadline deadline) {
        return Step.loop(
                new Reading(start, 0),
                reading -> reading.bytesRead < text.length && !reading.text.isDead() && !deadline.isOver(),
                reading -> reading.text
                        .advance(Lookahead.of(text, reading.bytesRead))
                        .map(next -> new Reading(next, reading.bytesRead + 1)));
    }
}
