package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the output layer is computed in, by kernel and precision. */
class LinearKernelTest {
    private static final float BFLOAT16_ROUNDING = 1f / 256;

    @ParameterizedTest
    @CsvSource({
        "PLAIN, FLOAT32, FLOAT32",
        "PLAIN, BFLOAT16, FLOAT32",
        "PLAIN, FLOAT16, FLOAT32",
        "PLAIN, INT8, INT8",
        "PREPACKED, FLOAT32, FLOAT32",
        "PREPACKED, BFLOAT16, BFLOAT16",
        "PREPACKED, FLOAT16, FLOAT32",
        "PREPACKED, INT8, INT8",
        "HALVED, FLOAT32, FLOAT32",
        "HALVED, BFLOAT16, FLOAT32",
        "LEVELED, INT8, INT8"
    })
    void logitsAreRoundedOnlyWhereThatIsFarFaster(LinearKernel kernel, Precision precision, Precision ofOutput) {
        assertThat(kernel.outputPrecision(precision)).isEqualTo(ofOutput);
    }

    @Test
    void prepackedLogitsInBfloat16AreThoseOfTheRoundedNumbers() {
        Device device = TorchRuntime.device("cpu");
        assumeTrue(
                LinearProbe.isRight(device, LinearKernel.PREPACKED, Precision.BFLOAT16),
                "this processor has no prepacked products in bfloat16");
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (NDManager manager = TorchRuntime.newManager(device);
                LinearWeights weights = new LinearWeights(manager, LinearKernel.PREPACKED, Precision.BFLOAT16, false)) {
            float[] weight = numbers(random, 300 * 64);
            float[] x = numbers(random, 9 * 64);
            float[] bias = numbers(random, 300);
            NDArray added = manager.create(bias);
            NDArray stored = weights.outputLayer(manager.create(weight, new Shape(300, 64)), added);
            float[] actual = weights.product(manager.create(x, new Shape(9, 64)), stored, added)
                    .toFloatArray();
            for (int row = 0; row < 9; row++) {
                for (int column = 0; column < 300; column++) {
                    double exact = 0;
                    for (int k = 0; k < 64; k++) {
                        exact += (double) x[row * 64 + k] * weight[column * 64 + k];
                    }
                    assertThat(actual[row * 300 + column])
                            .as("row %d, column %d, seed %d", row, column, seed)
                            .isCloseTo((float) (exact + bias[column]), within((float)
                                    (BFLOAT16_ROUNDING * Math.abs(exact) + 1e-4)));
                }
            }
        }
    }

    /** Numbers that bfloat16 holds exactly. */
    private static float[] numbers(Random random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (random.nextInt(255) - 127) / 64f;
        }
        return numbers;
    }
}
