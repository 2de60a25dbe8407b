package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.lm.CanonicalTokenizer;
import io.bytelm.lm.DeviceRows;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.RowSegments;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.checkpoint.ModelConfig;
import io.bytelm.lm.checkpoint.StoredType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** States in less memory: rounded once, the same for all who read them, and for as many more tokens. */
class StatePrecisionTest {
    /** What computing a state in another batch may change, once it is rounded: the state may round the other way. */
    private static final double NATS = 0.01;

    private static final int VOCABULARY = 61;

    @TempDir
    Path directory;

    static Stream<Arguments> namesAndNarrow(List<String> names) {
        return names.stream()
                .flatMap(name -> Stream.of(StatePrecision.BFLOAT16, StatePrecision.INT8)
                        .map(states -> Arguments.of(name, states)));
    }

    static Stream<Arguments> oracleModels() {
        return namesAndNarrow(List.of("llama", "llama-biased", "llama3", "mistral", "qwen2", "gpt2"));
    }

    @ParameterizedTest
    @MethodSource("oracleModels")
    void aModelReadsTheKeysAndValuesThatJavaRoundsAsWell(String name, StatePrecision states) throws IOException {
        RandomCheckpoint checkpoint = randomModel(name);
        ModelConfig config = ModelConfig.read(directory);
        List<TokenContext> contexts = forks(new Random(11), List.of(TokenContext.startingWith(0)), 12, 31);
        double fromRounded = 0;
        double fromExact = 0;
        try (DjlLanguageModel model =
                        DjlLanguageModel.open(DjlModelSettings.of(directory).withStatePrecision(states));
                NdArrayOracle rounded = new NdArrayOracle(
                        config, checkpoint.config(), checkpoint::values, head -> rounded(head, states));
                NdArrayOracle exact = new NdArrayOracle(config, checkpoint.config(), checkpoint::values)) {
            float[][] rows = model.nextTokenProbabilities(contexts);
            for (int i = 0; i < rows.length; i++) {
                int[] tokens = contexts.get(i).tokens();
                fromRounded =
                        Math.max(fromRounded, BundledModelRecording.maxDifference(rows[i], rounded.logProbs(tokens)));
                fromExact = Math.max(fromExact, BundledModelRecording.maxDifference(rows[i], exact.logProbs(tokens)));
            }
        }
        assertThat(fromExact).isGreaterThan(1e-3);
        assertThat(fromRounded).isLessThan(fromExact / 5);
    }

    private static float[] rounded(float[] head, StatePrecision states) {
        float[] rounded = new float[head.length];
        float step =
                IntStream.range(0, head.length).mapToObj(k -> Math.abs(head[k])).reduce(1e-30f, Math::max) / 127;
        for (int k = 0; k < head.length; k++) {
            rounded[k] = states == StatePrecision.BFLOAT16
                    ? toBfloat16(head[k])
                    : (float) Math.rint(head[k] / step) * step + 0f; // no -0
        }
        return rounded;
    }

    /** To the nearest number of 8 bits, of two as near to the even one. */
    private static float toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        return Float.intBitsToFloat(bits + 0x7fff + (bits >>> 16 & 1) & 0xffff0000);
    }

    @Test
    void levelsOfAHeadAreThoseThatJavaComputesAndOneBadNumberSpoilsNoOtherHead() throws IOException {
        randomModel("llama3");
        ModelConfig config = ModelConfig.read(directory);
        int width = 2 * config.keyValueHeads() * config.headDim();
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        float[] x = new float[40 * width];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (random.nextGaussian() * Math.exp(4 * random.nextGaussian()));
        }
        Arrays.fill(x, 0, config.headDim(), 0);
        x[config.headDim()] = Float.NaN;
        x[2 * config.headDim()] = Float.NEGATIVE_INFINITY;
        float[] read = writtenAndRead(config, x);
        for (int from = 0; from < x.length; from += config.headDim()) {
            float[] head = Arrays.copyOfRange(read, from, from + config.headDim());
            if (from == config.headDim() || from == 2 * config.headDim()) {
                assertThat(IntStream.range(0, head.length).mapToObj(k -> head[k]))
                        .noneMatch(Float::isFinite);
            } else {
                assertThat(head)
                        .as("seed %d, from %d", seed, from)
                        .containsExactly(
                                rounded(Arrays.copyOfRange(x, from, from + config.headDim()), StatePrecision.INT8));
            }
        }
    }

    private static float[] writtenAndRead(ModelConfig config, float[] x) {
        TorchRuntime.device("cpu"); // loads the engine
        int heads = 2 * config.keyValueHeads();
        String script = TransformerScript.of(config, LinearKernel.PLAIN, Precision.FLOAT32, StatePrecision.INT8, false);
        try (NDManager manager = TorchRuntime.newManager(Device.cpu())) {
            TorchModule module = TorchModule.compile(manager, script);
            try (IValue input = TorchModule.value(manager.create(
                            x, new Shape(heads, x.length / heads / config.headDim(), config.headDim())));
                    IValue kept = TorchModule.value(module.call(manager, "narrowed_states", input))) {
                return module.call(manager, "widened_states", kept).toFloatArray();
            }
        }
    }

    static Stream<Arguments> families() {
        return namesAndNarrow(
                List.of("llama-linear", "gemma2", "gpt-oss", "bloom", "falcon-alibi", "olmo3", "qwen2-moe"));
    }

    @ParameterizedTest
    @MethodSource("families")
    void forksInRaggedBatchesAndAfterEvictionAreWhatEachIsByItself(String name, StatePrecision states)
            throws IOException {
        FamilyRecording recording = FamilyRecording.named(name);
        recording.checkpoint(recording.config()).write(directory, StoredType.F32);
        DjlModelSettings settings = DjlModelSettings.of(directory).withStatePrecision(states);
        long bytesPerToken = KeyValueStore.bytesPerSlot(ModelConfig.read(directory), states);
        long seed = new Random().nextLong();
        try (DjlLanguageModel alone = DjlLanguageModel.open(settings.withCacheBytes(0));
                DjlLanguageModel kept = DjlLanguageModel.open(settings);
                DjlLanguageModel evicting = DjlLanguageModel.open(settings.withCacheBytes(200 * bytesPerToken))) {
            List<TokenContext> contexts =
                    forks(new Random(seed), recording.contexts().subList(1, 3), 8, (int) alone.contextTokens());
            Collections.shuffle(contexts, new Random(seed));
            double worst = 0;
            for (DjlLanguageModel model : List.of(kept, evicting)) {
                float[][] rows = model.nextTokenProbabilities(contexts);
                for (int i = 0; i < rows.length; i++) {
                    float[] expected = alone.nextTokenProbabilities(List.of(contexts.get(i)))[0];
                    worst = Math.max(
                            worst, BundledModelRecording.maxDifference(rows[i], BundledModelRecording.logs(expected)));
                }
            }
            assertThat(worst).as("%s, seed %d", name, seed).isLessThan(NATS);
        }
    }

    @ParameterizedTest
    @EnumSource(value = StatePrecision.class, names = "FLOAT32", mode = EnumSource.Mode.EXCLUDE)
    void rowsThatStayOnTheDeviceAreThoseOfTheHost(StatePrecision states) throws IOException {
        randomModel("llama3");
        DjlModelSettings settings = DjlModelSettings.of(directory).withStatePrecision(states);
        List<TokenContext> batch = forks(new Random(3), List.of(TokenContext.of(5)), 20, 31);
        int[] columns = IntStream.rangeClosed(0, VOCABULARY).toArray();
        try (DjlLanguageModel host = DjlLanguageModel.open(settings);
                DjlLanguageModel device = DjlLanguageModel.open(settings.withRows(RowPlacement.DEVICE))) {
            DeviceRows rows = Objects.requireNonNull(device.deviceRows(20));
            rows.evaluate(batch, IntStream.range(0, 20).toArray());
            float[][] expected = host.nextTokenProbabilities(batch);
            for (int i = 0; i < 20; i++) {
                double[] sums = rows.sums(List.of(new RowSegments(i, columns)))[0];
                for (int column = 0; column < VOCABULARY; column++) {
                    assertThat(Math.log(sums[column]) - Math.log(expected[i][column]))
                            .isBetween(-NATS, NATS);
                }
            }
        }
    }

    /** Of a text of 4 KiB, by the model that ships with the project. */
    @ParameterizedTest
    @EnumSource(value = StatePrecision.class, names = "FLOAT32", mode = EnumSource.Mode.EXCLUDE)
    void roundedStatesChangeTheScoreOfATextLittle(StatePrecision states) throws IOException {
        DjlModelSettings settings = DjlModelSettings.of(BundledModelRecording.directory());
        double exact = natsPerByte(settings);
        double rounded = natsPerByte(settings.withStatePrecision(states));
        assertThat(rounded).isNotEqualTo(exact).isCloseTo(exact, within(5e-4));
    }

    private static double natsPerByte(DjlModelSettings settings) throws IOException {
        byte[] text = Files.readAllBytes(Path.of("..", "LICENSE"));
        double nats = 0;
        try (DjlLanguageModel model = DjlLanguageModel.open(settings);
                CanonicalTokenizer tokenizer = HuggingFaceTokenizerFile.open(settings.modelDirectory())) {
            for (int from = 0; from < 4096; from += 512) {
                int[] tokens = tokenizer.tokens(Arrays.copyOfRange(text, from, from + 512));
                List<TokenContext> contexts = new ArrayList<>(List.of(TokenContext.startingWith(0)));
                for (int i = 1; i < tokens.length; i++) {
                    contexts.add(contexts.get(i - 1).plus(tokens[i - 1]));
                }
                for (float logProb : model.nextTokenLogProbabilities(contexts, tokens)) {
                    nats -= logProb;
                }
            }
        }
        return nats / 4096;
    }

    @Test
    void theSameMemoryKeepsTwiceOrMoreThanThreeTimesAsManyTokens() {
        DjlModelSettings settings = DjlModelSettings.of(BundledModelRecording.directory());
        ModelConfig config = ModelConfig.read(settings.modelDirectory());
        long heads = 2L * config.layers() * config.keyValueHeads();
        long besides = 4L * config.hiddenSize() + PrefixCache.BYTES_PER_TOKEN;
        assertThat(ModelMemory.stateBytesPerToken(config, StatePrecision.FLOAT32))
                .isEqualTo(heads * 4 * config.headDim() + besides);
        assertThat(ModelMemory.stateBytesPerToken(config, StatePrecision.BFLOAT16))
                .isEqualTo(heads * 2 * config.headDim() + besides);
        assertThat(ModelMemory.stateBytesPerToken(config, StatePrecision.INT8))
                .isEqualTo(heads * (config.headDim() + 4) + besides);
        for (StatePrecision states : StatePrecision.values()) {
            try (DjlLanguageModel model =
                    DjlLanguageModel.open(settings.withCacheBytes(64 << 20).withStatePrecision(states))) {
                long bytesEach = ModelMemory.stateBytesPerToken(config, states);
                assertThat(model.keptTokens()).isEqualTo((64 << 20) / bytesEach);
                assertThat(model.statistics().capacityBytes()).isLessThanOrEqualTo(64 << 20);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"BFLOAT16", "INT8"})
    void deltaNetsAreRefusedBeforeAnythingIsLoaded(StatePrecision states) throws IOException {
        FamilyRecording recording = FamilyRecording.named("qwen3-5-moe");
        Files.writeString(directory.resolve("config.json"), recording.config().toString());
        DjlModelSettings settings = DjlModelSettings.of(directory).withStatePrecision(states);
        assertThatThrownBy(() -> DjlLanguageModel.open(settings).close())
                .isInstanceOf(ModelException.class)
                .hasMessage(directory + ": state precision " + states
                        + " is for attention, but some layers of this model are delta nets, where rounding would add up;"
                        + " use state precision float32");
    }

    private RandomCheckpoint randomModel(String name) throws IOException {
        ObjectNode config = (ObjectNode) new ObjectMapper()
                .readTree(Objects.requireNonNull(
                        StatePrecisionTest.class.getResource("/random-models/" + name + ".json")))
                .get("config");
        RandomCheckpoint checkpoint = new RandomCheckpoint(config);
        checkpoint.write(directory, StoredType.F32);
        return checkpoint;
    }

    /** Contexts that grow from known ones or from each other. */
    private static List<TokenContext> forks(Random random, List<TokenContext> known, int count, int maxTokens) {
        List<TokenContext> contexts = new ArrayList<>(known);
        while (contexts.size() < known.size() + count) {
            TokenContext from = contexts.get(random.nextInt(contexts.size()));
            for (int i = random.nextInt(12); i >= 0 && from.length() < maxTokens; i--) {
                from = from.plus(random.nextInt(VOCABULARY));
            }
            contexts.add(from);
        }
        return new ArrayList<>(contexts.subList(known.size(), contexts.size()));
    }
}
