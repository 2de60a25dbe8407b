package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is seen while numbers are widened agrees with what a second look at them would find. */
class HalfEvidenceTest {
    private static final int ROWS = 300;
    private static final int COLUMNS = 41;

    private final HalfEvidence evidence = new HalfEvidence();

    private static short[] numbers(Random random, double size) {
        short[] numbers = new short[ROWS * COLUMNS];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (short) (Float.floatToRawIntBits((float) (size * random.nextGaussian())) >>> 16);
        }
        return numbers;
    }

    /** @return widened */
    private float[] seen(short[] numbers) {
        ByteBuffer source = ByteBuffer.allocateDirect(2 * numbers.length).order(ByteOrder.nativeOrder());
        ByteBuffer target = ByteBuffer.allocateDirect(4 * numbers.length).order(ByteOrder.nativeOrder());
        source.asShortBuffer().put(numbers);
        evidence.begin();
        new Bfloat16Widening().widen(source, target, evidence);
        float[] wide = new float[numbers.length];
        target.asFloatBuffer().get(wide);
        return wide;
    }

    @Test
    void numbersAreWidenedAsTheyAre() {
        short[] numbers = numbers(new Random(1), 1);
        float[] wide = seen(numbers);
        for (int i = 0; i < numbers.length; i++) {
            assertThat(Float.floatToRawIntBits(wide[i])).isEqualTo(numbers[i] << 16);
        }
    }

    @Test
    void whatIsKnownToFitFits() {
        assumeTrue(LinearProbe.best(Device.cpu(), Precision.FLOAT32) == LinearKernel.HALVED, "no such products here");
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (NDManager manager = TorchRuntime.newManager(TorchRuntime.device("cpu"));
                HeldWeights halves = new HeldWeights(
                        manager,
                        TorchModule.compile(manager, LinearKernel.HALVED.loadingMethods(Precision.FLOAT32)),
                        1)) {
            int known = 0;
            for (int exponent = -24; exponent <= 17; exponent++) {
                float[] wide = seen(numbers(random, Math.pow(2, exponent)));
                if (evidence.isSufficient()) {
                    known++;
                    assertThat(halves.fits(manager.create(wide, new Shape(ROWS, COLUMNS))))
                            .as("2^%d, seed %d", exponent, seed)
                            .isTrue();
                }
            }
            assertThat(known).as("seed %d", seed).isBetween(10, 25);
        }
    }

    @Test
    void weightsAsModelsHaveThemAreKnownToFit() {
        seen(numbers(new Random(2), 0.02));
        assertThat(evidence.isSufficient()).isTrue();
        seen(new short[100]);
        assertThat(evidence.isSufficient()).as("zeros").isTrue();
    }

    @Test
    void smallNumbersAndASingleLargeOneAreNotKnownToFit() {
        seen(numbers(new Random(3), 0x1p-20));
        assertThat(evidence.isSufficient()).isFalse();
        short[] numbers = numbers(new Random(4), 0.02);
        for (int large : new int[] {0x4780, 0xc780, 0x7f80, 0x7fc0}) { // 2^16, -2^16, infinity, no number
            numbers[numbers.length - 1] = (short) large;
            seen(numbers);
            assertThat(evidence.isSufficient()).as("%x", large).isFalse();
        }
        numbers[numbers.length - 1] = 0x477f; // the largest that float16 holds
        seen(numbers);
        assertThat(evidence.isSufficient()).isTrue();
    }

    @Test
    void whatNobodyLookedAtIsNotKnownToFit() {
        assertThat(evidence.isSufficient()).as("nothing was begun").isFalse();
        seen(numbers(new Random(5), 0.02));
        evidence.addUnknown();
        assertThat(evidence.isSufficient()).isFalse();
        evidence.begin();
        assertThat(evidence.isSufficient()).isTrue();
    }
}
