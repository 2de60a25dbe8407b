package io.bytelm.lm.djl;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the fastest way to compute linear layers that works here, by trying products whose results are known. */
final class LinearProbe {
    private static final Logger LOG = LoggerFactory.getLogger(LinearProbe.class);

    /** Whole registers, so that the code for the bulk of a large product is what is tried. */
    private static final int SIZE = 128;

    /** A single row and many are different code. */
    private static final int[] ROWS = {1, 16};

    private static final double ROUNDING = 0.01;

    /** Of a product that takes a processor's time, not memory's. */
    private static final int TIMED_SIZE = 512;

    private static final int TIMED_ROWS = 256;

    /** The least of them counts: other work, the JVM's compilers among it, takes a processor now and then. */
    private static final int TIMES = 20;

    /** What a product of many rows has to gain where those of few rows lose. */
    private static final int FAR_FASTER = 3;

    private LinearProbe() {}

    /** The fastest kernel that works on this device, in float32 and in this precision. */
    static LinearKernel best(Device device, Precision precision) {
        if (device.isGpu()) {
            return LinearKernel.PLAIN;
        }
        LinearKernel held = precision == Precision.INT8 ? LinearKernel.LEVELED : LinearKernel.HALVED;
        if (isRight(device, held, precision) && !prepackedIsFaster(device, held, precision)) {
            return held;
        }
        if (isRight(device, LinearKernel.PREPACKED, Precision.FLOAT32)
                && isRight(device, LinearKernel.PREPACKED, precision)) {
            return LinearKernel.PREPACKED;
        }
        LOG.warn(
                "prepacked linear layers do not work in {} on this processor, plain ones are used, which are slower: float32"
                        + " may be the fastest here",
                precision);
        return LinearKernel.PLAIN;
    }

    /**
     * Whether the processor has instructions for this precision that only oneDNN uses, whose single rows take longer: whole
     * matrices of 8 bits (AMX), or numbers of 16 bits as they are.
     */
    private static boolean prepackedIsFaster(Device device, LinearKernel held, Precision precision) {
        if (precision == Precision.FLOAT32 || !isRight(device, LinearKernel.PREPACKED, precision)) {
            return false;
        }
        return TorchRuntime.withThreads(
                1,
                () -> { // a team's threads may wait for each other, and for other processes
                    long prepackedNanos = productNanos(device, LinearKernel.PREPACKED, precision);
                    return precision == Precision.INT8
                            ? FAR_FASTER * prepackedNanos < productNanos(device, held, precision)
                            : prepackedNanos < productNanos(device, LinearKernel.PREPACKED, Precision.FLOAT32);
                });
    }

    /** Whether a kernel works. With ones alone, which have the largest levels that there are: sums that can overflow do. */
    static boolean isRight(Device device, LinearKernel kernel, Precision precision) {
        try (NDManager manager = TorchRuntime.newManager(device);
                LinearWeights weights = new LinearWeights(manager, kernel, precision, false)) {
            NDArray stored = weights.layer(manager.ones(new Shape(SIZE, SIZE)), null);
            NDArray bias = manager.zeros(new Shape(SIZE));
            for (int rows : ROWS) {
                NDArray result = weights.product(manager.ones(new Shape(rows, SIZE)), stored, bias);
                for (float sum : result.toFloatArray()) {
                    if (!(Math.abs(sum - SIZE) < ROUNDING)) {
                        return false;
                    }
                }
            }
            return true;
        } catch (EngineException e) {
            LOG.info("{} linear layers in {} are not available here: {}", kernel, precision, e.getMessage());
            return false;
        }
    }

    private static long productNanos(Device device, LinearKernel kernel, Precision precision) {
        try (NDManager manager = TorchRuntime.newManager(device);
                LinearWeights weights = new LinearWeights(manager, kernel, precision, false)) {
            NDArray stored = weights.layer(manager.ones(new Shape(TIMED_SIZE, TIMED_SIZE)), null);
            NDArray x = manager.ones(new Shape(TIMED_ROWS, TIMED_SIZE));
            NDArray bias = manager.zeros(new Shape(TIMED_SIZE));
            long least = Long.MAX_VALUE;
            for (int i = 0; i < TIMES; i++) {
                long startNanos = System.nanoTime();
                weights.product(x, stored, bias).close();
                least = Math.min(least, System.nanoTime() - startNanos);
            }
            return least;
        }
    }
}
