package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Weights in float16 give the products of the weights themselves, and only weights that lose nothing are held so. */
class HeldWeightsTest {
    private static final Precision EXACT = Precision.FLOAT32;

    private NDManager manager;
    private LinearWeights weights;

    @BeforeAll
    static void engine() {
        TorchRuntime.device("cpu"); // loads the engine
    }

    @BeforeEach
    void open() {
        assumeTrue(LinearProbe.best(Device.cpu(), EXACT) == LinearKernel.HALVED, "no such products on this processor");
        manager = TorchRuntime.newManager(Device.cpu());
        weights = new LinearWeights(manager, LinearKernel.HALVED, EXACT, false);
    }

    @AfterEach
    void close() {
        if (manager != null) {
            weights.close();
            manager.close();
        }
    }

    /** As bfloat16 and as float16. */
    private static float stored(float value, boolean bfloat16) {
        return bfloat16
                ? Float.intBitsToFloat(Float.floatToRawIntBits(value) & 0xffff0000)
                : Math.round(value * 2048) / 2048f; // of numbers below 1: 11 bits
    }

    private static float[][] matrix(Random random, int rows, int columns) {
        float[][] matrix = new float[rows][columns];
        for (float[] row : matrix) {
            for (int k = 0; k < columns; k++) {
                row[k] = 0.1f * (float) random.nextGaussian();
            }
        }
        return matrix;
    }

    private NDArray array(float[][] rows) {
        NDArray array = manager.create(new Shape(rows.length, rows[0].length));
        float[] flat = new float[rows.length * rows[0].length];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(rows[row], 0, flat, row * rows[0].length, rows[0].length);
        }
        array.set(flat);
        return array;
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void aProductIsThatOfTheWeightsThemselvesForAnyNumberOfRowsAndColumns(boolean bfloat16, boolean holdsBoth) {
        weights.close();
        weights = new LinearWeights(manager, LinearKernel.HALVED, EXACT, holdsBoth);
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 30; round++) {
            int rows = 1 + random.nextInt(round % 3 == 0 ? 300 : 20);
            int inputs = 1 + random.nextInt(700);
            int outputs = 1 + random.nextInt(150);
            float[][] x = matrix(random, rows, inputs);
            float[][] weight = matrix(random, outputs, inputs);
            for (float[] row : weight) {
                for (int k = 0; k < inputs; k++) {
                    row[k] = stored(row[k], bfloat16);
                }
            }
            boolean biased = random.nextBoolean();
            float[] bias = biased ? matrix(random, 1, outputs)[0] : new float[outputs];
            NDArray added = biased ? manager.create(bias) : null;
            NDArray held = weights.layer(array(weight), added);
            float[] actual =
                    weights.product(array(x), held, manager.create(bias)).toFloatArray();
            double worst = 0;
            for (int i = 0; i < actual.length; i++) {
                double expected = bias[i % outputs];
                for (int k = 0; k < inputs; k++) {
                    expected += (double) x[i / outputs][k] * weight[i % outputs][k];
                }
                worst = Math.max(worst, Math.abs(actual[i] - expected));
            }
            assertThat(worst)
                    .as("seed %d: %d x %d x %d", seed, rows, inputs, outputs)
                    .isLessThan(1e-5);
        }
        assertThat(weights.kernel()).isEqualTo(LinearKernel.HALVED);
    }

    /** Rows of a pass are not all multiplied by the same code. */
    @Test
    void aRowsProductDoesNotDependOnTheRowsBesideIt() {
        Random random = new Random(5);
        float[][] weight = matrix(random, 130, 577);
        for (float[] row : weight) {
            for (int k = 0; k < row.length; k++) {
                row[k] = stored(row[k], true);
            }
        }
        NDArray held = weights.layer(array(weight), null);
        NDArray bias = manager.zeros(new Shape(130));
        float[][] x = matrix(random, 40, 577);
        float[] together = weights.product(array(x), held, bias).toFloatArray();
        for (int row = 0; row < x.length; row++) {
            float[] alone =
                    weights.product(array(new float[][] {x[row]}), held, bias).toFloatArray();
            for (int i = 0; i < alone.length; i++) {
                assertThat(alone[i]).isCloseTo(together[row * alone.length + i], within(1e-6f));
            }
        }
    }

    @Test
    void weightsThatLoseSomethingAreHeldInFloat32() {
        Random random = new Random(6);
        float[][] ofFloat32 = matrix(random, 300, 300);
        float[][] tooLarge = {{1, 2, 65536}, {1, 2, 3}};
        float[][] tooSmall = {{3e-8f, 1e-8f}, {2e-8f, 1e-9f}};
        for (float[][] plain : List.of(ofFloat32, tooLarge, tooSmall)) {
            NDArray held = weights.layer(array(plain), null);
            assertThat(weights.kernel()).isEqualTo(LinearKernel.PREPACKED);
            float[] product = weights.product(
                            array(matrix(random, 1, plain[0].length)), held, manager.zeros(new Shape(plain.length)))
                    .toFloatArray();
            assertThat(product).hasSize(plain.length);
        }
    }

    /** In a precision that rounds weights, too: those that do not fit are multiplied in float32. */
    @ParameterizedTest
    @EnumSource(
            value = Precision.class,
            names = {"FLOAT32", "BFLOAT16"})
    void aScriptMultipliesWithWeightsThatDoNotFit(Precision precision) {
        try (LinearWeights rounding = new LinearWeights(manager, LinearKernel.HALVED, precision, false)) {
            NDArray held = rounding.layer(array(new float[][] {{131072, 262144}}), null);
            List<NDArray> all = List.of(held, manager.create(new float[] {1}));
            String method = "\n  def first(self, x: Tensor, w: List[Tensor]) -> Tensor:\n    return "
                    + rounding.kernel().call(precision) + "\n";
            String script = rounding.kernel().methods(precision)
                    + method.replace("at, bias", "0, 1").replace("w, at", "w, 0");
            TorchModule module = rounding.compile(script.replace("(self,", "(" + TorchScriptArchive.SELF + ","), all);
            NDArray x = array(new float[][] {{1, 2}});
            NDArray product = module.call(manager, "first", TorchModule.value(x), TorchModule.values(all));
            assertThat(product.toFloatArray()).containsExactly(131072 + 2 * 262144 + 1);
        }
    }

    /** What little a model has of numbers too small for float16 is nothing beside the others. */
    @Test
    void aFewSmallNumbersDoNotCount() {
        float[][] plain = {{0.5f, -0.25f, 1e-9f}, {0.125f, 1.17549435E-38f, 2}};
        assertThat(weights.layer(array(plain), null).size()).isZero();
        assertThat(weights.kernel()).isEqualTo(LinearKernel.HALVED);
    }

    /** They are packed aside, from memory that is used again. */
    @Test
    void manyMatricesFromTheSameMemoryKeepTheirOwnNumbers() {
        NDArray[] memory = new NDArray[1 + weights.packedAside()];
        for (int i = 0; i < memory.length; i++) {
            memory[i] = manager.create(new Shape(200, 500));
        }
        List<NDArray> held = new ArrayList<>();
        float[] values = new float[200 * 500];
        for (int number = 0; number < 40; number++) {
            Arrays.fill(values, number);
            NDArray plain = memory[number % memory.length];
            plain.set(values);
            held.add(weights.layer(plain, null));
        }
        NDArray ones = manager.ones(new Shape(1, 500));
        NDArray bias = manager.zeros(new Shape(200));
        for (int number = 0; number < held.size(); number++) {
            assertThat(weights.product(ones, held.get(number), bias).toFloatArray())
                    .containsOnly(500f * number);
        }
    }
}
