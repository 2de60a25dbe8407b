package io.bytelm.job.bench;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.ServiceAnswers;
import io.bytelm.beam.Step;
import io.bytelm.beam.StepPipeline;
import io.bytelm.constraint.AnyBytes;
import io.bytelm.constraint.Constraint;
import io.bytelm.decode.BeamText;
import io.bytelm.decode.Decoding;
import io.bytelm.decode.DecodingRules;
import io.bytelm.decode.ReadText;
import io.bytelm.decode.Sampler;
import io.bytelm.decode.StopStrings;
import io.bytelm.job.ModelSettings;
import io.bytelm.service.EmbeddedTrieLmService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Outputs drawn under a constraint beside outputs drawn without one, in turns: after the same prompts, with the same seeds and the same
 * byte budget, and no end token. Every turn begins with empty caches, and its time with the prompts read; as an output ends, the next
 * one begins.
 */
public final class ConstrainedComparison {
    private static final int PROMPT_BYTES = 32;

    private final BenchSettings settings;
    private final List<byte[]> prompts;
    private final Constraint constraint;
    private final Consumer<String> progress;

    /**
     * @param bytesPerSecond those that were forced among them
     * @param evaluationsPerByte contexts that the model was asked for
     */
    public record Turn(double bytesPerSecond, double evaluationsPerByte) {}

    /** One turn each, one right after the other. */
    public record Round(Turn free, Turn constrained) {
        double ratio() {
            return constrained.bytesPerSecond / free.bytesPerSecond;
        }
    }

    /** @param rounds at least one */
    public record Result(List<Round> rounds) {
        /** What is reached with the constraint of what is reached without: the middle one of the rounds. */
        public Round middle() {
            return rounds.stream()
                    .sorted(Comparator.comparingDouble(Round::ratio))
                    .toList()
                    .get(rounds.size() / 2);
        }

        /** The same, of the two turns of that round. */
        public double ratio() {
            return middle().ratio();
        }
    }

    /** A prompt that was read, and the seed of what is drawn after it. */
    private record Begin(ReadText prompted, long seed) {}

    /** @param progress is told what begins, in a few words */
    public ConstrainedComparison(
            BenchSettings settings, BenchTexts texts, Constraint constraint, Consumer<String> progress) {
        this.settings = settings;
        this.prompts = texts.documents().stream()
                .map(text -> Arrays.copyOf(text, Math.min(text.length, PROMPT_BYTES)))
                .toList();
        this.constraint = constraint;
        this.progress = progress;
    }

    /**
     * @param warmUpRounds those before the rounds that count
     * @throws io.bytelm.lm.ModelException if the model or its tokenizer cannot be loaded
     * @throws IllegalArgumentException if no output of the constraint fits into the length of a document
     */
    public Result run(ModelSettings modelSettings, int warmUpRounds, int rounds) {
        var unused = rules(constraint, 0); // told before the model is loaded
        progress.accept("load the model");
        try (BenchModel model = new BenchModel(modelSettings)) {
            List<Round> measured = new ArrayList<>();
            for (int i = 0; i < warmUpRounds + rounds; i++) {
                progress.accept("without the constraint");
                Turn free = turn(model, AnyBytes.INSTANCE);
                progress.accept("with the constraint");
                Turn constrained = turn(model, constraint);
                if (i >= warmUpRounds) {
                    measured.add(new Round(free, constrained));
                }
            }
            return new Result(measured);
        }
    }

    private DecodingRules rules(Constraint of, long seed) {
        Sampler sampler = new Sampler(1, 0, 1, 0, seed);
        return new DecodingRules(of, sampler, StopStrings.NONE, settings.documentBytes(), false, 1, 0);
    }

    private Turn turn(BenchModel model, Constraint of) {
        try (EmbeddedTrieLmService service = model.serviceOver(new MeasuredModel(model.withEmptyCache()))) {
            BeamParams params = BeamParams.of(settings.width(), settings.firstThreshold());
            Beam start = Beam.initial(model.vocabulary().bosToken(), params);
            List<ReadText> prompted = new ArrayList<>();
            for (byte[] prompt : prompts) {
                prompted.add(BeamText.after(start.prefill(prompt).run(new ServiceAnswers(service))));
            }
            long evaluationsBefore = service.statistics().evaluations();
            AtomicLong bytes = new AtomicLong();
            Deadline deadline = Deadline.inSeconds(settings.secondsEach());
            new StepPipeline(service, settings.inFlight())
                    .forEach(
                            () -> endless(prompted, deadline),
                            begin -> drawn(begin, rules(of, begin.seed), deadline),
                            (begin, decoding) ->
                                    bytes.addAndGet(decoding.drafts().get(0).bytes().length));
            double elapsed = deadline.secondsElapsed();
            long evaluations = service.statistics().evaluations() - evaluationsBefore;
            return new Turn(bytes.get() / elapsed, (double) evaluations / bytes.get());
        }
    }

    /** The prompts over and over until the time is over. */
    private static Iterator<Begin> endless(List<ReadText> prompted, Deadline deadline) {
        return new Iterator<>() {
            private long seed;

            @Override
            public boolean hasNext() {
                return !deadline.isOver();
            }

            @Override
            public Begin next() {
                ReadText text = prompted.get((int) (seed % prompted.size()));
                return new Begin(text, seed++);
            }
        };
    }

    private static Step<Decoding> drawn(Begin begin, DecodingRules rules, Deadline deadline) {
        return Decoding.begin(begin.prompted, rules)
                .then(begun -> Step.loop(
                        begun,
                        decoding -> !decoding.hasEnded() && !deadline.isOver(),
                        decoding -> decoding.next(rules).map(Decoding.Round::after)));
    }
}
