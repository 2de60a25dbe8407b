package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.TokenContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The model that ships with the project gives the log-probabilities of an independent implementation. */
class BundledModelTest {
    private static final double REFERENCE_NATS = 1e-3;
    private static final double BATCHING_NATS = 1e-4;

    private static List<BundledModel.Reference> references;
    private static DjlLanguageModel model;

    @BeforeAll
    static void open() throws IOException {
        references = BundledModel.references();
        model = DjlLanguageModel.open(DjlModelSettings.of(BundledModel.directory()));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void everyContextAloneMatchesTheReference() {
        for (BundledModel.Reference reference : references) {
            float[][] rows = model.nextTokenProbabilities(List.of(reference.context()));
            assertThat(BundledModel.maxDifference(rows[0], reference.logProbs()))
                    .as("after %s", reference.context())
                    .isLessThan(REFERENCE_NATS);
        }
    }

    @Test
    void allContextsInOneRaggedBatchMatchTheReference() {
        float[][] rows = model.nextTokenProbabilities(
                references.stream().map(BundledModel.Reference::context).toList());
        for (int i = 0; i < rows.length; i++) {
            assertThat(BundledModel.maxDifference(rows[i], references.get(i).logProbs()))
                    .isLessThan(REFERENCE_NATS);
        }
    }

    @Test
    void aBatchGivesWhatItsContextsGiveAlone() {
        List<TokenContext> contexts = forkingContexts(new Random(7), 25);
        try (DjlLanguageModel fresh = DjlLanguageModel.open(DjlModelSettings.of(BundledModel.directory()))) {
            float[][] together = fresh.nextTokenProbabilities(contexts);
            try (DjlLanguageModel other = DjlLanguageModel.open(
                    DjlModelSettings.of(BundledModel.directory()).withCacheBytes(0))) {
                for (int i = 0; i < contexts.size(); i++) {
                    float[] alone = other.nextTokenProbabilities(List.of(contexts.get(i)))[0];
                    assertThat(BundledModel.maxDifference(together[i], BundledModel.logs(alone)))
                            .isLessThan(BATCHING_NATS);
                }
            }
        }
    }

    @Test
    void columnsComeInTheOrderAskedFor() {
        List<Integer> shuffled =
                new ArrayList<>(IntStream.range(0, 4096).boxed().toList());
        Collections.shuffle(shuffled, new Random(3));
        int[] order = shuffled.stream().mapToInt(Integer::intValue).toArray();
        TokenContext context = references.get(references.size() - 1).context();
        try (DjlLanguageModel ordered = DjlLanguageModel.open(DjlModelSettings.of(BundledModel.directory()), order)) {
            float[] row = ordered.nextTokenProbabilities(List.of(context))[0];
            float[] plain = model.nextTokenProbabilities(List.of(context))[0];
            double[] expected = IntStream.range(0, order.length)
                    .mapToDouble(column -> Math.log(plain[order[column]]))
                    .toArray();
            assertThat(BundledModel.maxDifference(row, expected)).isLessThan(1e-5);
        }
    }

    /** Contexts that grow from each other or start anew, in no order. */
    private static List<TokenContext> forkingContexts(Random random, int count) {
        List<TokenContext> contexts = new ArrayList<>(List.of(TokenContext.startingWith(0)));
        while (contexts.size() < count) {
            TokenContext from = contexts.get(random.nextInt(contexts.size()));
            int length = 1 + random.nextInt(random.nextBoolean() ? 30 : 2);
            for (int i = 0; i < length && from.length() < 250; i++) {
                from = from.plus(random.nextInt(4096));
            }
            contexts.add(from);
        }
        Collections.shuffle(contexts, random);
        return contexts;
    }
}
