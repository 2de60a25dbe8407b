package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.Device;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The model that ships with the project gives the log-probabilities of an independent implementation. */
class BundledModelEvaluationTest {
    private static final double REFERENCE_NATS = 1e-3;
    private static final double BATCHING_NATS = 1e-4;

    private static List<BundledModelRecording.Reference> references;
    private static DjlLanguageModel model;

    @BeforeAll
    static void open() throws IOException {
        references = BundledModelRecording.references();
        model = DjlLanguageModel.open(DjlModelSettings.of(BundledModelRecording.directory()));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void everyContextAloneMatchesTheReference() {
        for (BundledModelRecording.Reference reference : references) {
            float[][] rows = model.nextTokenProbabilities(List.of(reference.context()));
            assertThat(BundledModelRecording.maxDifference(rows[0], reference.logProbs()))
                    .as("after %s", reference.context())
                    .isLessThan(REFERENCE_NATS);
        }
    }

    @Test
    void allContextsInOneRaggedBatchMatchTheReference() {
        float[][] rows = model.nextTokenProbabilities(references.stream()
                .map(BundledModelRecording.Reference::context)
                .toList());
        for (int i = 0; i < rows.length; i++) {
            assertThat(BundledModelRecording.maxDifference(
                            rows[i], references.get(i).logProbs()))
                    .isLessThan(REFERENCE_NATS);
        }
    }

    @Test
    void theLogProbabilityOfOneTokenIsThatOfItsColumn() {
        List<TokenContext> contexts = forkingContexts(new Random(11), 70);
        int[] columns = new Random(12).ints(contexts.size(), 0, 4096).toArray();
        float[] logProbs = model.nextTokenLogProbabilities(contexts, columns);
        float[][] rows = model.nextTokenProbabilities(contexts);
        assertThat(logProbs).hasSize(contexts.size());
        for (int i = 0; i < logProbs.length; i++) {
            assertThat(Math.exp(logProbs[i])).isCloseTo(rows[i][columns[i]], withinPercentage(0.01));
        }
    }

    @Test
    void aBatchGivesWhatItsContextsGiveAlone() {
        List<TokenContext> contexts = forkingContexts(new Random(7), 25);
        try (DjlLanguageModel fresh = DjlLanguageModel.open(DjlModelSettings.of(BundledModelRecording.directory()))) {
            float[][] together = fresh.nextTokenProbabilities(contexts);
            try (DjlLanguageModel other = DjlLanguageModel.open(
                    DjlModelSettings.of(BundledModelRecording.directory()).withCacheBytes(0))) {
                for (int i = 0; i < contexts.size(); i++) {
                    float[] alone = other.nextTokenProbabilities(List.of(contexts.get(i)))[0];
                    assertThat(BundledModelRecording.maxDifference(together[i], BundledModelRecording.logs(alone)))
                            .isLessThan(BATCHING_NATS);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "BFLOAT16, HOST, 1e-8, 1e-4",
        "BFLOAT16, DEVICE, 1e-8, 1e-4",
        "FLOAT16, HOST, 1e-11, 2e-6",
        "FLOAT16, DEVICE, 1e-11, 2e-6",
        "INT8, HOST, 1e-8, 1e-3",
        "INT8, DEVICE, 1e-8, 1e-3"
    })
    void lowerPrecisionChangesLittle(Precision precision, RowPlacement rows, double least, double most) {
        DjlModelSettings settings = DjlModelSettings.of(BundledModelRecording.directory())
                .withRows(rows)
                .withPrecision(precision);
        try (DjlLanguageModel rounded = DjlLanguageModel.open(settings)) {
            double divergence = 0;
            for (BundledModelRecording.Reference reference : references) {
                float[] row = rounded.nextTokenProbabilities(List.of(reference.context()))[0];
                for (int token = 0; token < row.length; token++) {
                    double logProb = reference.logProbs()[token];
                    divergence += Math.exp(logProb) * (logProb - Math.log(row[token])) / references.size();
                }
            }
            assertThat(divergence)
                    .as("mean KL divergence, nats")
                    .isBetween(inputsAreRounded(precision) ? least : -1e-7, most);
        }
    }

    /** Else a model whose weights are stored in 16 bits loses nothing. */
    private static boolean inputsAreRounded(Precision precision) {
        return LinearProbe.best(Device.cpu(), precision) != LinearKernel.HALVED;
    }

    @Test
    void columnsComeInTheOrderAskedFor() {
        List<Integer> shuffled =
                new ArrayList<>(IntStream.range(0, 4096).boxed().toList());
        Collections.shuffle(shuffled, new Random(3));
        int[] order = shuffled.stream().mapToInt(Integer::intValue).toArray();
        TokenContext context = references.get(references.size() - 1).context();
        try (DjlLanguageModel ordered =
                DjlLanguageModel.open(DjlModelSettings.of(BundledModelRecording.directory()), order)) {
            float[] row = ordered.nextTokenProbabilities(List.of(context))[0];
            float[] plain = model.nextTokenProbabilities(List.of(context))[0];
            double[] expected = IntStream.range(0, order.length)
                    .mapToDouble(column -> Math.log(plain[order[column]]))
                    .toArray();
            assertThat(BundledModelRecording.maxDifference(row, expected)).isLessThan(1e-5);
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
