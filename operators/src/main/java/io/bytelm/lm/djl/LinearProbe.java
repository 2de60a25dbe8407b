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

    private LinearProbe() {}

    /** The fastest kernel that works on this device, in float32 and in this precision. */
    static LinearKernel best(Device device, Precision precision) {
        if (device.isGpu()) {
            return LinearKernel.PLAIN;
        }
        try (NDManager manager = TorchRuntime.newManager(device)) {
            if (isRight(manager, Precision.FLOAT32) && isRight(manager, precision)) {
                return LinearKernel.PREPACKED;
            }
            LOG.warn(
                    "prepacked linear layers give wrong results in {} on this processor, plain ones are used, which are"
                            + " slower: float32 may be the fastest here",
                    precision);
        } catch (EngineException e) {
            LOG.info("prepacked linear layers are not available here, plain ones are used: {}", e.getMessage());
        }
        return LinearKernel.PLAIN;
    }

    /** With ones alone, which have the largest levels that there are: sums that can overflow do. */
    private static boolean isRight(NDManager manager, Precision precision) {
        LinearWeights weights = new LinearWeights(manager, LinearKernel.PREPACKED, precision);
        NDArray stored = weights.layer(manager.ones(new Shape(SIZE, SIZE)));
        for (int rows : ROWS) {
            NDArray result =
                    weights.product(manager.ones(new Shape(rows, SIZE)), stored, manager.zeros(new Shape(SIZE)));
            for (float sum : result.toFloatArray()) {
                if (!(Math.abs(sum - SIZE) < ROUNDING)) {
                    return false;
                }
            }
        }
        return true;
    }
}
