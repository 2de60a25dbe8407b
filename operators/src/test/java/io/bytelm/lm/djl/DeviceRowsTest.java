package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.lm.DeviceRows;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.RowSegments;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.checkpoint.ModelConfig;
import io.bytelm.lm.checkpoint.StoredType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that stay on the device are those that come to the host; the device is the CPU here. */
class DeviceRowsTest {
    private static final double NATS = 1e-4;
    private static final int VOCABULARY = 61;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama-biased", "llama3", "mistral", "qwen2", "gpt2"})
    void everyColumnIsThatOfTheRowOnTheHost(String family) throws IOException {
        DjlModelSettings settings = write(family);
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<TokenContext> known = new ArrayList<>(List.of(TokenContext.startingWith(0)));
        try (DjlLanguageModel host = DjlLanguageModel.open(settings);
                DjlLanguageModel device = DjlLanguageModel.open(settings.withRows(RowPlacement.DEVICE))) {
            DeviceRows rows = Objects.requireNonNull(device.deviceRows(40));
            for (int step = 0; step < 30; step++) {
                List<TokenContext> batch = forks(random, known, 1 + random.nextInt(20));
                known.addAll(batch);
                int[] places = somePlaces(random, 40, batch.size());
                rows.evaluate(batch, places);
                double[][] columns = rows.sums(IntStream.of(places)
                        .mapToObj(place -> new RowSegments(place, columnByColumn()))
                        .toList());
                float[][] expected = host.nextTokenProbabilities(batch);
                for (int i = 0; i < columns.length; i++) {
                    assertThat(BundledModelRecording.maxDifference(
                                    floats(columns[i]), BundledModelRecording.logs(expected[i])))
                            .as("seed %d, step %d, context %s", seed, step, batch.get(i))
                            .isLessThan(NATS);
                }
            }
        }
    }

    @Test
    void everySegmentIsTheSumOfItsColumnsInDouble() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (DjlLanguageModel model = DjlLanguageModel.open(write("llama3").withRows(RowPlacement.DEVICE))) {
            DeviceRows rows = Objects.requireNonNull(model.deviceRows(9));
            rows.evaluate(forks(random, List.of(TokenContext.of(1, 2, 3)), 9), somePlaces(random, 9, 9));
            for (int round = 0; round < 50; round++) {
                List<RowSegments> asked = Stream.generate(() -> new RowSegments(random.nextInt(9), someBounds(random)))
                        .limit(1 + random.nextInt(20))
                        .toList();
                double[][] sums = rows.sums(asked);
                for (int i = 0; i < sums.length; i++) {
                    RowSegments segments = asked.get(i);
                    double[] columns = rows.sums(List.of(new RowSegments(segments.place(), columnByColumn())))[0];
                    for (int s = 0; s < segments.count(); s++) {
                        double expected = IntStream.range(segments.bounds()[s], segments.bounds()[s + 1])
                                .mapToDouble(column -> columns[column])
                                .sum();
                        assertThat(Math.abs(sums[i][s] - expected))
                                .as("seed %d", seed)
                                .isLessThanOrEqualTo(1e-15);
                    }
                }
            }
        }
    }

    @Test
    void whatLiesInAPlaceStaysWhileOthersAreFilled() throws IOException {
        Random random = new Random(3);
        try (DjlLanguageModel model = DjlLanguageModel.open(write("llama3").withRows(RowPlacement.DEVICE))) {
            DeviceRows rows = Objects.requireNonNull(model.deviceRows(6));
            rows.evaluate(List.of(TokenContext.of(1, 2)), new int[] {4});
            double[] before = rows.sums(List.of(new RowSegments(4, columnByColumn())))[0];
            for (int round = 0; round < 20; round++) {
                int[] others = IntStream.of(somePlaces(random, 6, 5))
                        .filter(place -> place != 4)
                        .toArray();
                rows.evaluate(forks(random, List.of(TokenContext.of(5)), others.length), others);
            }
            assertThat(rows.sums(List.of(new RowSegments(4, columnByColumn())))[0])
                    .containsExactly(before);
        }
    }

    @Test
    void moreRowsThanOneCallReadsAreReadInSeveral() throws IOException {
        Random random = new Random(8);
        try (DjlLanguageModel model = DjlLanguageModel.open(write("llama3").withRows(RowPlacement.DEVICE))) {
            DeviceRows rows = Objects.requireNonNull(model.deviceRows(1100));
            List<TokenContext> batch = forks(random, List.of(TokenContext.of(5)), 1100);
            rows.evaluate(batch, IntStream.range(0, 1100).toArray());
            double[][] totals = rows.sums(IntStream.range(0, 1100)
                    .mapToObj(place -> new RowSegments(place, new int[] {0, VOCABULARY}))
                    .toList());
            assertThat(List.of(totals)).allSatisfy(total -> assertThat(total[0]).isBetween(1 - 1e-5, 1 + 1e-5));
        }
    }

    @Test
    void statesThatDoNotFitChangeNoRow() throws IOException {
        DjlModelSettings settings = write("llama3").withRows(RowPlacement.DEVICE);
        long bytesPerToken = KeyValueStore.bytesPerSlot(ModelConfig.read(directory), StatePrecision.FLOAT32);
        Random random = new Random(4);
        List<TokenContext> batch = forks(random, List.of(TokenContext.of(5)), 40);
        int[] places = IntStream.range(0, 40).toArray();
        List<RowSegments> all = IntStream.range(0, 40)
                .mapToObj(place -> new RowSegments(place, columnByColumn()))
                .toList();
        try (DjlLanguageModel large = DjlLanguageModel.open(settings);
                DjlLanguageModel small = DjlLanguageModel.open(settings.withCacheBytes(70 * bytesPerToken))) {
            DeviceRows expected = Objects.requireNonNull(large.deviceRows(40));
            DeviceRows rows = Objects.requireNonNull(small.deviceRows(40));
            expected.evaluate(batch, places);
            rows.evaluate(batch, places);
            double[][] expectedSums = expected.sums(all);
            double[][] sums = rows.sums(all);
            for (int i = 0; i < 40; i++) {
                for (int column = 0; column < VOCABULARY; column++) {
                    assertThat(Math.log(sums[i][column]) - Math.log(expectedSums[i][column]))
                            .isBetween(-NATS, NATS);
                }
            }
        }
    }

    @Test
    void noArrayStaysOpen() throws IOException {
        Random random = new Random(5);
        List<TokenContext> known = new ArrayList<>(List.of(TokenContext.startingWith(0)));
        try (DjlLanguageModel model = DjlLanguageModel.open(
                write("llama3").withRows(RowPlacement.DEVICE).withThreads(1))) {
            DeviceRows rows = Objects.requireNonNull(model.deviceRows(8));
            int open = model.openArrays();
            for (int i = 0; i < 100; i++) {
                List<TokenContext> batch = forks(random, known, 3);
                known.add(batch.get(0));
                rows.evaluate(batch, somePlaces(random, 8, 3));
                rows.sums(List.of(new RowSegments(random.nextInt(8), someBounds(random))));
            }
            assertThat(model.openArrays()).isEqualTo(open);
            rows.close();
            rows.close();
            assertThat(model.openArrays()).as("the pool is freed").isEqualTo(open - 1);
            model.close();
            assertThat(model.openArrays()).isZero();
        }
    }

    @Test
    void aModelOnTheHostHasNoPlacesAndBoundsOfAnotherVocabularyAreRefused() throws IOException {
        DjlModelSettings settings = write("llama3");
        try (DjlLanguageModel host = DjlLanguageModel.open(settings);
                DjlLanguageModel device = DjlLanguageModel.open(settings.withRows(RowPlacement.DEVICE))) {
            assertThat(host.deviceRows(8)).isNull();
            DeviceRows rows = Objects.requireNonNull(device.deviceRows(8));
            assertThatThrownBy(() -> rows.sums(List.of(new RowSegments(0, new int[] {0, VOCABULARY + 1}))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("segments from 0 to 62 of a row of 61 columns");
            assertThatThrownBy(() -> rows.evaluate(List.of(TokenContext.of(99)), new int[] {0}))
                    .isInstanceOf(ModelException.class)
                    .hasMessage("token 99 is not one of the model's 61 token ids");
        }
    }

    @Test
    void scoresOfTokensAreThoseOfTheHost() throws IOException {
        DjlModelSettings settings = write("llama3");
        List<TokenContext> batch = forks(new Random(6), List.of(TokenContext.of(5)), 13);
        int[] columns = new Random(7).ints(13, 0, VOCABULARY).toArray();
        try (DjlLanguageModel host = DjlLanguageModel.open(settings);
                DjlLanguageModel device = DjlLanguageModel.open(settings.withRows(RowPlacement.DEVICE))) {
            float[] expected = host.nextTokenLogProbabilities(batch, columns);
            float[] scores = device.nextTokenLogProbabilities(batch, columns);
            for (int i = 0; i < scores.length; i++) {
                assertThat((double) scores[i] - expected[i]).isBetween(-NATS, NATS);
            }
        }
    }

    @Test
    void theMethodsForAGpuCompileWhereThereIsNone() throws IOException {
        ModelConfig config = ModelConfig.read(write("llama3").modelDirectory());
        TorchRuntime.device("cpu"); // loads the engine
        for (Precision precision : Precision.values()) {
            for (StatePrecision states : StatePrecision.values()) {
                String methods = TransformerScript.of(config, LinearKernel.PLAIN, precision, states, false)
                        + DeviceScript.of(Device.gpu(0));
                try (NDManager manager = TorchRuntime.newManager(Device.cpu())) {
                    assertThat(methods).contains("torch.pin_memory(x)");
                    assertThat(TorchModule.compile(manager, methods)).isNotNull();
                }
            }
        }
    }

    private DjlModelSettings write(String family) throws IOException {
        ObjectNode config = (ObjectNode) new ObjectMapper()
                .readTree(
                        Objects.requireNonNull(DeviceRowsTest.class.getResource("/random-models/" + family + ".json")))
                .get("config");
        new RandomCheckpoint(config).write(directory, StoredType.F32);
        return DjlModelSettings.of(directory);
    }

    /** Contexts that grow from known ones, sometimes by many tokens. */
    private static List<TokenContext> forks(Random random, List<TokenContext> known, int count) {
        List<TokenContext> batch = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TokenContext from = known.get(random.nextInt(known.size()));
            for (int more = random.nextInt(random.nextInt(10) == 0 ? 30 : 3); more > 0 && from.length() < 31; more--) {
                from = from.plus(random.nextInt(VOCABULARY));
            }
            batch.add(from);
        }
        return batch;
    }

    private static int[] somePlaces(Random random, int capacity, int count) {
        List<Integer> all = new ArrayList<>(IntStream.range(0, capacity).boxed().toList());
        Collections.shuffle(all, random);
        return all.stream().limit(count).mapToInt(Integer::intValue).toArray();
    }

    private static int[] columnByColumn() {
        return IntStream.rangeClosed(0, VOCABULARY).toArray();
    }

    /** With segments that are empty, wide, or one column. */
    private static int[] someBounds(Random random) {
        IntStream inner = random.ints(random.nextInt(20), 0, VOCABULARY + 1);
        return IntStream.concat(IntStream.of(0, VOCABULARY), inner).sorted().toArray();
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
