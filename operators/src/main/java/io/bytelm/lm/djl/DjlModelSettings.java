package io.bytelm.lm.djl;

import io.bytelm.lm.checkpoint.ModelLocation;
import java.nio.file.Path;

/**
 * Where a model lies and how it is run.
 *
 * @param model where it lies
 * @param device {@code cpu}, or {@code gpu0}, {@code gpu1}, ...
 * @param threads intra-operation threads, for the whole process; {@link #ENGINE_THREADS} leaves the engine's choice (the
 *     environment's {@code OMP_NUM_THREADS}, else one a core). A small model makes that many calls of one thread each, see
 *     {@link EngineLanes}. More threads than idle cores make it many times slower.
 * @param maxContextTokens the most tokens that the model reads; {@link #MODEL_CONTEXT} for as many as it has positions
 * @param contextStrideTokens how many of the oldest tokens fall out at once when a context does not fit, see
 *     {@link io.bytelm.lm.ContextWindow}; {@link #HALF_OF_CONTEXT} for half of the longest context. It changes no result
 *     of a context that fits. With 1, each token beyond costs as much as the whole context; with half of it, two at most.
 * @param cacheBytes the most memory for cached states (keys, values and final states), unless one context alone needs more;
 *     0 to forget them after each call
 * @param precision what linear layers are computed in
 * @param statePrecision what keys and values of cached states are kept in
 * @param rows where rows of probabilities are summed; it changes no result beyond rounding
 */
public record DjlModelSettings(
        ModelLocation model,
        String device,
        int threads,
        int maxContextTokens,
        int contextStrideTokens,
        long cacheBytes,
        Precision precision,
        StatePrecision statePrecision,
        RowPlacement rows) {
    /** The engine chooses the number of threads. */
    public static final int ENGINE_THREADS = 0;

    /** The model's own longest context. */
    public static final int MODEL_CONTEXT = 0;

    /** A context that does not fit loses half of what fits. */
    public static final int HALF_OF_CONTEXT = 0;

    private static final long DEFAULT_CACHE_BYTES = 512L << 20;

    /** @throws IllegalArgumentException if a number is negative */
    public DjlModelSettings {
        if (threads < 0 || maxContextTokens < 0 || contextStrideTokens < 0 || cacheBytes < 0) {
            throw new IllegalArgumentException("threads " + threads + ", max context " + maxContextTokens
                    + ", context stride " + contextStrideTokens + " and cache bytes " + cacheBytes
                    + " must not be negative");
        }
    }

    /** In float32 on the CPU, with the whole context of the model, exact beyond it, and 512 MiB of cached states. */
    public static DjlModelSettings of(Path modelDirectory) {
        return new DjlModelSettings(
                ModelLocation.of(modelDirectory),
                "cpu",
                ENGINE_THREADS,
                MODEL_CONTEXT,
                1,
                DEFAULT_CACHE_BYTES,
                Precision.FLOAT32,
                StatePrecision.FLOAT32,
                RowPlacement.BY_DEVICE);
    }

    /** The directory of the model itself. */
    public Path modelDirectory() {
        return model.directory();
    }

    /** With an adapter that is merged into the weights. */
    public DjlModelSettings withAdapter(Path adapter) {
        return new DjlModelSettings(
                new ModelLocation(model.directory(), adapter),
                device,
                threads,
                maxContextTokens,
                contextStrideTokens,
                cacheBytes,
                precision,
                statePrecision,
                rows);
    }

    public DjlModelSettings withDevice(String newDevice) {
        return new DjlModelSettings(
                model,
                newDevice,
                threads,
                maxContextTokens,
                contextStrideTokens,
                cacheBytes,
                precision,
                statePrecision,
                rows);
    }

    public DjlModelSettings withThreads(int newThreads) {
        return new DjlModelSettings(
                model,
                device,
                newThreads,
                maxContextTokens,
                contextStrideTokens,
                cacheBytes,
                precision,
                statePrecision,
                rows);
    }

    public DjlModelSettings withContext(int newMaxTokens, int newStrideTokens) {
        return new DjlModelSettings(
                model, device, threads, newMaxTokens, newStrideTokens, cacheBytes, precision, statePrecision, rows);
    }

    public DjlModelSettings withCacheBytes(long newCacheBytes) {
        return new DjlModelSettings(
                model,
                device,
                threads,
                maxContextTokens,
                contextStrideTokens,
                newCacheBytes,
                precision,
                statePrecision,
                rows);
    }

    public DjlModelSettings withPrecision(Precision newPrecision) {
        return new DjlModelSettings(
                model,
                device,
                threads,
                maxContextTokens,
                contextStrideTokens,
                cacheBytes,
                newPrecision,
                statePrecision,
                rows);
    }

    public DjlModelSettings withStatePrecision(StatePrecision newStatePrecision) {
        return new DjlModelSettings(
                model,
                device,
                threads,
                maxContextTokens,
                contextStrideTokens,
                cacheBytes,
                precision,
                newStatePrecision,
                rows);
    }

    public DjlModelSettings withRows(RowPlacement newRows) {
        return new DjlModelSettings(
                model,
                device,
                threads,
                maxContextTokens,
                contextStrideTokens,
                cacheBytes,
                precision,
                statePrecision,
                newRows);
    }
}
