package io.bytelm.job.bench;

import io.bytelm.lm.DeviceRows;
import io.bytelm.lm.RowSegments;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.djl.DjlLanguageModel;
import io.bytelm.lm.djl.DjlModelSettings;
import io.bytelm.lm.djl.RowPlacement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** How the time of a step grows with the number of contexts that share it: 1, 2, 4 and so on. */
final class BatchScaling {
    private static final int FIRST_TOKENS = 32;
    private static final int WARM_UP_STEPS = 4;
    private static final int STEPS = 12;
    /** As many as a request for a row of the root has, and some more. */
    private static final int SEGMENTS = 300;

    private final DjlModelSettings settings;

    /**
     * @param stepMillis of all contexts: states, rows and sums
     * @param sumMillis of that for the sums, with the waiting for what was asked of the device before
     */
    record Point(int contexts, double stepMillis, double sumMillis) {
        double evaluationsPerSecond() {
            return contexts * 1e3 / stepMillis;
        }
    }

    BatchScaling(DjlModelSettings settings) {
        this.settings = settings.withRows(RowPlacement.DEVICE);
    }

    /** Points up to so many contexts, or as many as the state cache holds the tokens of. */
    List<Point> upTo(int mostContexts) {
        List<Point> points = new ArrayList<>();
        try (DjlLanguageModel model = DjlLanguageModel.open(settings)) {
            long fitting = model.keptTokens() / (FIRST_TOKENS + WARM_UP_STEPS + STEPS);
            for (int contexts = 1; contexts <= Math.min(mostContexts, fitting); contexts *= 2) {
                model.forgetStates();
                points.add(point(model, contexts));
            }
        }
        return points;
    }

    private static Point point(DjlLanguageModel model, int count) {
        Random random = new Random(count);
        int vocabulary = model.vocabularySize();
        List<TokenContext> contexts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            contexts.add(
                    TokenContext.of(random.ints(FIRST_TOKENS, 0, vocabulary).toArray()));
        }
        model.prefetch(contexts);
        int[] places = IntStream.range(0, count).toArray();
        List<RowSegments> segments = IntStream.range(0, count)
                .mapToObj(place -> new RowSegments(place, bounds(random, vocabulary)))
                .toList();
        try (DeviceRows rows = model.deviceRows(count)) {
            if (rows == null) {
                throw new IllegalStateException("the model keeps no rows on its device");
            }
            long start = 0;
            long sumNanos = 0;
            for (int step = 0; step < WARM_UP_STEPS + STEPS; step++) {
                if (step == WARM_UP_STEPS) {
                    start = System.nanoTime();
                    sumNanos = 0;
                }
                contexts.replaceAll(context -> context.plus(random.nextInt(vocabulary)));
                rows.evaluate(contexts, places);
                long evaluated = System.nanoTime();
                rows.sums(segments);
                sumNanos += System.nanoTime() - evaluated;
            }
            return new Point(count, (System.nanoTime() - start) / 1e6 / STEPS, sumNanos / 1e6 / STEPS);
        }
    }

    private static int[] bounds(Random random, int vocabulary) {
        IntStream inner = random.ints(SEGMENTS - 1L, 0, vocabulary + 1);
        return IntStream.concat(IntStream.of(0, vocabulary), inner).sorted().toArray();
    }
}
