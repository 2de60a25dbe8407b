package io.bytelm.job;

import io.bytelm.lm.checkpoint.ModelLocation;
import io.bytelm.lm.djl.DjlModelSettings;
import io.bytelm.lm.djl.Precision;
import io.bytelm.lm.djl.RowPlacement;
import io.bytelm.lm.djl.StatePrecision;
import java.io.Serializable;

/**
 * How the engine runs a model, wherever it lies; see {@link DjlModelSettings} for what each number means.
 *
 * @param device {@code cpu}, or {@code gpu0}, {@code gpu1}, ...
 * @param threads threads of the engine; 0 leaves the choice to it
 * @param maxContextTokens the most tokens that the model reads, older ones fall out; 0 for as many as the model can
 * @param contextStrideTokens how many of the oldest tokens fall out at once; 0 for half of the context
 * @param stateCacheBytes memory (bytes) for the states of contexts already read
 * @param precision what linear layers are computed in
 * @param statePrecision what keys and values are kept in
 */
public record EngineSettings(
        String device,
        int threads,
        int maxContextTokens,
        int contextStrideTokens,
        long stateCacheBytes,
        Precision precision,
        StatePrecision statePrecision)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /** With keys and values kept as they are computed. */
    public EngineSettings(
            String device,
            int threads,
            int maxContextTokens,
            int contextStrideTokens,
            long stateCacheBytes,
            Precision precision) {
        this(
                device,
                threads,
                maxContextTokens,
                contextStrideTokens,
                stateCacheBytes,
                precision,
                StatePrecision.FLOAT32);
    }

    /** These settings for a model that lies somewhere. */
    public DjlModelSettings of(ModelLocation model) {
        return new DjlModelSettings(
                model,
                device,
                threads,
                maxContextTokens,
                contextStrideTokens,
                stateCacheBytes,
                precision,
                statePrecision,
                RowPlacement.BY_DEVICE);
    }
}
