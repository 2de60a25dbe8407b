package io.bytelm.lm.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** Matrices of linear layers that are packed as those of a model are when it is loaded. One thread at a time. */
public final class PackedLayers implements AutoCloseable {
    private static final int MOST_ROWS_OF_A_LAYER = 32768;

    private static final int BFLOAT16_BITS = 0xffff0000;

    private final NDManager manager = TorchRuntime.newManager(TorchRuntime.device("cpu"));
    private final LinearKernel kernel = LinearProbe.best(Device.cpu(), Precision.FLOAT32);
    private final List<Shape> shapes;
    private final long values;
    private final Map<Shape, NDArray> plain;

    /** @param shapes {@code [outputs, inputs]} of each matrix */
    public PackedLayers(List<long[]> shapes) {
        this.shapes = shapes.stream().map(Shape::new).toList();
        this.values = this.shapes.stream().mapToLong(Shape::size).sum();
        this.plain = this.shapes.stream().distinct().collect(Collectors.toMap(shape -> shape, this::values));
    }

    /** As those of a {@link RandomCheckpoint} in bfloat16: how long packing takes depends on the numbers. */
    private NDArray values(Shape shape) {
        SplittableRandom random = new SplittableRandom(shape.size());
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            int bits = Float.floatToIntBits((float) (0.6 * random.nextDouble() - 0.3));
            values[i] = Float.intBitsToFloat(bits & BFLOAT16_BITS);
        }
        return manager.create(values, shape);
    }

    /**
     * Packs all of them, keeps them all for that time, and says how many there were. As when a model is loaded, this is done
     * on a thread that begins with it, whose memory comes from the system and not from what was freed before.
     */
    public int pack() {
        EngineThread engine = new EngineThread();
        try {
            return engine.call(
                    () -> TorchRuntime.withoutGradients(DjlModelSettings.ENGINE_THREADS, this::packOnThread));
        } finally {
            engine.endWith(() -> {});
        }
    }

    private int packOnThread() {
        try (NDManager own = manager.newSubManager();
                LinearWeights weights = new LinearWeights(
                        own, kernel, Precision.FLOAT32, ModelMemory.holdsBoth(values, Precision.FLOAT32))) {
            shapes.forEach(shape -> pack(weights, Objects.requireNonNull(plain.get(shape))));
        }
        return shapes.size();
    }

    private static void pack(LinearWeights weights, NDArray matrix) {
        var unused = matrix.getShape().get(0) > MOST_ROWS_OF_A_LAYER
                ? weights.outputLayer(matrix, null, true)
                : weights.layer(matrix, null, true);
    }

    @Override
    public void close() {
        manager.close();
    }
}
