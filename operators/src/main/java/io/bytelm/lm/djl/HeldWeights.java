package io.bytelm.lm.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Weights of linear layers that FBGEMM has packed, and a script holds: as levels of 8 bits, see {@link QuantizedLinear}, or as
 * float16, which is multiplied in float32.
 *
 * <p>Most models are published in 16 bits, and what those say fits into float16: then a product has the same factors as one of float32 weights, and reads half
 * of the memory, which is all that a pass of few rows waits for. With SmolLM2-135M, 2 threads and AVX-512, all products of a pass take half
 * of the time of prepacked float32 ones for up to 8 rows, 0.8 for 32, as long for 128 in two lanes, and 1.1 to 1.2 times as long for 512
 * and more. So small models may hold float32 ones too, for passes of many rows.
 *
 * <p>Packing takes some 13 ns a weight on one thread, so matrices are packed side by side while the next ones are read.
 */
final class HeldWeights implements AutoCloseable {
    /** Up to so many rows a product with halves is as fast as one in float32. */
    static final int FEW_ROWS = 128;

    private static final int NONE = -1;

    /** A matrix is packed column by column: with more rows each number comes from memory that no cache holds. */
    private static final int BLOCK_ROWS = 2048;

    private final NDManager manager;
    private final TorchModule module;
    private final int packers;
    private final ExecutorService threads;
    private final List<CompletableFuture<IValue>> layers = new ArrayList<>();
    private final List<CompletableFuture<IValue>> output = new ArrayList<>();
    private final Map<NDArray, Place> placeOf = new IdentityHashMap<>();

    /**
     * @param at its number among the layers'; -1 for the output layer
     * @param mostRows that are multiplied with it
     */
    private record Place(int at, int mostRows) {}

    /**
     * @param manager of what stands for weights
     * @param module with a method {@code held}
     * @param packers how many matrices are packed at the same time
     */
    HeldWeights(NDManager manager, TorchModule module, int packers) {
        this.manager = manager;
        this.module = module;
        this.packers = packers;
        this.threads = Executors.newFixedThreadPool(packers, work -> {
            Thread thread = new Thread(work, "bytelm-weight-packer");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Whether float16 holds a matrix {@code [out, in]} as well as float32 needs it. */
    boolean fits(NDArray plain) {
        try (IValue argument = TorchModule.value(plain);
                IValue result = module.run("fits", argument)) {
            return result.toBoolean();
        }
    }

    /**
     * Packs a layer's matrix aside. Its memory has to stay as it is until as many as there are packers have been added after
     * it, or {@link #settle} has returned.
     *
     * @param plain {@code [out, in]}; may be closed
     * @param bias {@code [out]}, added to products; null for none
     * @param wide as products of more than {@link #FEW_ROWS} read it; null for halves in any case
     * @return what stands for the weight among all weights
     */
    NDArray add(NDArray plain, @Nullable NDArray bias, @Nullable NDArray wide) {
        if (layers.size() >= packers) {
            var unused = packed(layers.get(layers.size() - packers));
        }
        layers.add(packAside(plain, bias, 0, plain.getShape().get(0)));
        return standIn(layers.size() - 1, wide);
    }

    /** As {@link #add}, of the output layer, in blocks of rows. Its memory has to stay as it is until {@link #settle} has returned. */
    NDArray addOutput(NDArray plain, @Nullable NDArray bias, @Nullable NDArray wide) {
        long rows = plain.getShape().get(0);
        for (long first = 0; first < rows; first += BLOCK_ROWS) {
            output.add(packAside(plain, bias, first, Math.min(BLOCK_ROWS, rows - first)));
        }
        return standIn(NONE, wide);
    }

    private NDArray standIn(int at, @Nullable NDArray wide) {
        NDArray standIn = wide == null ? manager.zeros(new Shape(0), DataType.FLOAT32) : wide;
        placeOf.put(standIn, new Place(at, wide == null ? Integer.MAX_VALUE : FEW_ROWS));
        return standIn;
    }

    private CompletableFuture<IValue> packAside(NDArray plain, @Nullable NDArray bias, long first, long rows) {
        IValue matrix = TorchModule.value(plain);
        IValue added = bias == null ? null : TorchModule.value(bias);
        return CompletableFuture.supplyAsync(() -> pack(matrix, added, first, rows), threads);
    }

    private IValue pack(IValue matrix, @Nullable IValue bias, long first, long rows) {
        try (matrix;
                IValue from = IValue.from(first);
                IValue count = IValue.from(rows)) {
            return bias == null
                    ? module.run("held", matrix, from, count)
                    : module.run("held_with_bias", matrix, from, count, bias);
        } finally {
            if (bias != null) {
                bias.close();
            }
        }
    }

    /** Waits until everything is packed. */
    void settle() {
        var unusedLayers = packed(layers);
        var unusedOutput = packed(output);
    }

    /** How many matrices are packed at the same time. */
    int packers() {
        return packers;
    }

    boolean isEmpty() {
        return layers.isEmpty() && output.isEmpty();
    }

    /**
     * Gives all that was added to a module with {@link HeldScript#METHODS}.
     *
     * @param weights all weights, in the order of the script's list
     */
    void giveTo(TorchModule script, List<NDArray> weights) {
        Place nowhere = new Place(NONE, NONE);
        List<Place> places = weights.stream()
                .map(weight -> placeOf.getOrDefault(weight, nowhere))
                .toList();
        try (IValue heldAt =
                        IValue.listFrom(places.stream().mapToLong(Place::at).toArray());
                IValue rows = IValue.listFrom(
                        places.stream().mapToLong(Place::mostRows).toArray())) {
            script.run("hold", heldAt, rows).close();
        }
        hold(script, "hold_layers", layers);
        hold(script, "hold_output", output);
    }

    /** A list of no elements would be one of no type. */
    private static void hold(TorchModule script, String method, List<CompletableFuture<IValue>> weights) {
        if (!weights.isEmpty()) {
            try (IValue all = IValue.listFrom(packed(weights))) {
                script.run(method, all).close();
            }
        }
    }

    /**
     * A layer's packed weight.
     *
     * @param rows that are to be multiplied with it
     * @return null if it is not held, or not for so many rows
     */
    @Nullable
    IValue held(NDArray weight, long rows) {
        Place place = placeOf.get(weight);
        return place == null || rows > place.mostRows() ? null : packed(layers.get(place.at()));
    }

    private static IValue[] packed(List<CompletableFuture<IValue>> weights) {
        return weights.stream().map(HeldWeights::packed).toArray(IValue[]::new);
    }

    /** @throws ai.djl.engine.EngineException if it cannot be packed */
    private static IValue packed(CompletableFuture<IValue> weight) {
        try {
            return weight.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Waits for what is being packed, and frees what no script holds. */
    @Override
    public void close() {
        threads.shutdown();
        Stream.concat(layers.stream(), output.stream()).forEach(HeldWeights::free);
    }

    private static void free(CompletableFuture<IValue> weight) {
        IValue packed = weight.exceptionally(failure -> null).join();
        if (packed != null) {
            packed.close();
        }
    }
}
