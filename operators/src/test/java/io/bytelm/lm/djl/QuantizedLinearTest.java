package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.checkpoint.StoredType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Products in 8 bits are those of the rounded numbers, by every kernel; models in 8 bits are much the same models. */
class QuantizedLinearTest {
    private static final double FINE_LEVELS = 127 * 254;

    @TempDir
    Path directory;

    @BeforeAll
    static void engine() {
        TorchRuntime.device("cpu"); // loads the engine
    }

    private static void requireExact(LinearKernel kernel) {
        boolean isExact = kernel == LinearKernel.PLAIN || LinearProbe.isRight(Device.cpu(), kernel, Precision.INT8);
        assumeTrue(isExact, "this processor has no exact 8-bit products");
    }

    /** By every kernel, with one set of levels for inputs and with two. */
    static Stream<Arguments> ways() {
        return Stream.of(LinearKernel.PLAIN, LinearKernel.PREPACKED, LinearKernel.LEVELED)
                .flatMap(kernel -> Stream.of(arguments(kernel, false), arguments(kernel, true)));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void everyKernelMultipliesTheRoundedNumbers(LinearKernel kernel, boolean twice) {
        requireExact(kernel);
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 15; round++) {
            int rows = 1 + random.nextInt(40);
            int inputs = 1 + random.nextInt(150);
            int outputs = 1 + random.nextInt(90);
            float[][] x = matrix(random, rows, inputs);
            float[][] weight = matrix(random, outputs, inputs);
            float[] bias = matrix(random, 1, outputs)[0];
            float[] actual = product(kernel, twice, x, weight, bias);
            Levels[] inputRows = levels(x, twice ? FINE_LEVELS : 127);
            Levels[] weightRows = levels(weight, 127);
            double worst = 0;
            for (int i = 0; i < actual.length; i++) {
                Levels input = inputRows[i / outputs];
                Levels row = weightRows[i % outputs];
                double expected = bias[i % outputs];
                double allowed = 1e-30 + 1e-5 * Math.abs(expected);
                for (int k = 0; k < inputs; k++) {
                    double term = input.value(k) * row.value(k);
                    expected += term;
                    allowed += 1e-5 * Math.abs(term)
                            + input.either(k) * Math.abs(row.value(k))
                            + row.either(k) * Math.abs(input.value(k));
                }
                worst = Math.max(worst, Math.abs(actual[i] - expected) / allowed);
            }
            assertThat(worst)
                    .as("seed %d: %d x %d x %d", seed, rows, inputs, outputs)
                    .isLessThan(1);
        }
    }

    /** What the second set is for: of numbers of one size the product is near that of the numbers themselves. */
    @ParameterizedTest
    @EnumSource(
            value = LinearKernel.class,
            names = {"PLAIN", "PREPACKED", "LEVELED"})
    void inputsLoseNothingToSpeakOfBesideALargeOne(LinearKernel kernel) {
        requireExact(kernel);
        float[][] x = {{100, 0.5f, 0.25f, -0.125f}, {0, 0, 0, 0}};
        float[][] weight = {{0, 127, 64, 32}, {127, 0, 0, 0}};
        float[] twice = product(kernel, true, x, weight, new float[] {1, 2});
        assertThat(twice[0]).isBetween(76.0f, 77.0f);
        assertThat(twice[1]).isBetween(12701.9f, 12702.1f);
        assertThat(twice).endsWith(1, 2);
        assertThat(product(kernel, false, x, weight, new float[] {0, 0})[0]).isBetween(99.9f, 100.1f);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aNumberThatIsNotFiniteSpoilsItsRowAndNoOther(LinearKernel kernel, boolean twice) {
        requireExact(kernel);
        float[][] x = {{1, Float.NaN, 1}, {1, Float.POSITIVE_INFINITY, 1}, {1, 1, 1}};
        float[] result = product(kernel, twice, x, new float[][] {{1, 1, 1}}, new float[] {0});
        assertThat(Float.isFinite(result[0])).isFalse();
        assertThat(Float.isFinite(result[1])).isFalse();
        assertThat(result[2]).isBetween(2.999f, 3.001f);
    }

    /** Rows of a pass are not all multiplied by the same code. */
    @ParameterizedTest
    @MethodSource("ways")
    void aRowsProductDoesNotDependOnTheRowsBesideIt(LinearKernel kernel, boolean twice) {
        requireExact(kernel);
        Random random = new Random(5);
        float[][] x = matrix(random, 70, 577);
        float[][] weight = matrix(random, 130, 577);
        float[] bias = new float[130];
        float[] together = product(kernel, twice, x, weight, bias);
        for (int row = 0; row < x.length; row++) {
            float[] alone = product(kernel, twice, new float[][] {x[row]}, weight, bias);
            for (int i = 0; i < alone.length; i++) {
                assertThat(alone[i])
                        .isCloseTo(together[row * alone.length + i], within(1e-6f * (1 + Math.abs(alone[i]))));
            }
        }
    }

    /** Numbers of a row, in steps of its largest one's share. */
    private record Levels(double[] inSteps, double step) {
        double value(int k) {
            return Math.rint(inSteps[k]) * step;
        }

        /** What it may differ by where a rounding more or less decides between two levels. */
        double either(int k) {
            return Math.abs(inSteps[k] - Math.rint(inSteps[k])) > 0.49 ? step : 0;
        }
    }

    private static Levels[] levels(float[][] rows, double most) {
        return Arrays.stream(rows)
                .map(values -> {
                    double step = largest(values) / most;
                    double[] inSteps = IntStream.range(0, values.length)
                            .mapToDouble(k -> values[k] / step)
                            .toArray();
                    return new Levels(inSteps, step);
                })
                .toArray(Levels[]::new);
    }

    private static double largest(float[] row) {
        return IntStream.range(0, row.length)
                .mapToDouble(k -> Math.abs(row[k]))
                .max()
                .orElseThrow();
    }

    private static float[][] matrix(Random random, int rows, int columns) {
        float[][] matrix = new float[rows][columns];
        for (float[] row : matrix) {
            float size = (float) Math.exp(4 * random.nextGaussian());
            for (int k = 0; k < columns; k++) {
                row[k] = size * (float) random.nextGaussian();
            }
        }
        return matrix;
    }

    private static float[] product(LinearKernel kernel, boolean twice, float[][] x, float[][] weight, float[] bias) {
        try (NDManager manager = TorchRuntime.newManager(Device.cpu());
                LinearWeights weights = new LinearWeights(manager, kernel, Precision.INT8, false)) {
            NDArray stored = weights.layer(array(manager, weight), null);
            NDArray added = manager.create(bias);
            NDArray product = twice
                    ? weights.sensitiveProduct(array(manager, x), stored, added)
                    : weights.product(array(manager, x), stored, added);
            return product.toFloatArray();
        }
    }

    private static NDArray array(NDManager manager, float[][] rows) {
        float[] flat = new float[rows.length * rows[0].length];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(rows[row], 0, flat, row * rows[0].length, rows[0].length);
        }
        return manager.create(flat, new Shape(rows.length, rows[0].length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-linear", "gemma2", "opt", "bloom", "qwen2-moe-mixed"})
    void aModelInEightBitsIsMuchTheSameModelAndItsRowsDoNotDependOnTheBatch(String name) throws IOException {
        FamilyRecording recording = FamilyRecording.named(name);
        recording.checkpoint(recording.config()).write(directory, StoredType.F32);
        DjlModelSettings settings = DjlModelSettings.of(directory);
        List<TokenContext> batch = new ArrayList<>(List.of(TokenContext.of(5)));
        for (int i = 1; i < 19; i++) {
            batch.add(batch.get(i / 2).plus(7 * i % 61));
        }
        try (DjlLanguageModel exact = DjlLanguageModel.open(settings);
                DjlLanguageModel quantized = DjlLanguageModel.open(settings.withPrecision(Precision.INT8));
                DjlLanguageModel other = DjlLanguageModel.open(settings.withPrecision(Precision.INT8))) {
            float[][] expected = exact.nextTokenProbabilities(batch);
            float[][] rows = quantized.nextTokenProbabilities(batch);
            assertThat(meanDifference(rows, expected)).isBetween(1e-6, 0.05);
            for (int i = 0; i < rows.length; i++) {
                float[][] alone = other.nextTokenProbabilities(List.of(batch.get(i)));
                assertThat(meanDifference(new float[][] {rows[i]}, alone)).isLessThan(0.01);
            }
        }
    }

    private static double meanDifference(float[][] rows, float[][] expected) {
        return IntStream.range(0, rows.length)
                .mapToDouble(i -> IntStream.range(0, rows[i].length)
                        .mapToDouble(k -> Math.abs(Math.log(rows[i][k]) - Math.log(expected[i][k])))
                        .average()
                        .orElseThrow())
                .average()
                .orElseThrow();
    }

    @Test
    void theModelThatShipsTakesLessMemoryAndIsAnotherModelByName() {
        DjlModelSettings settings = DjlModelSettings.of(BundledModelRecording.directory());
        long half = ModelMemory.of(settings.withPrecision(Precision.BFLOAT16)).weightBytes();
        long quarter = ModelMemory.of(settings.withPrecision(Precision.INT8)).weightBytes();
        assertThat(quarter).isBetween(half / 3, half * 3 / 4);
        try (DjlLanguageModel model = DjlLanguageModel.open(settings.withPrecision(Precision.INT8))) {
            assertThat(model.identity().items()).containsEntry("precision", "int8");
        }
    }

    @Test
    void aGpuIsRefused() {
        DjlModelSettings settings =
                DjlModelSettings.of(directory).withDevice("gpu0").withPrecision(Precision.INT8);
        assertThatThrownBy(() -> DjlLanguageModel.open(settings).close())
                .isInstanceOf(ModelException.class)
                .hasMessage(
                        "device 'gpu0': precision int8 is for CPUs; use bfloat16 or float16 on a GPU, or the device cpu");
    }
}
