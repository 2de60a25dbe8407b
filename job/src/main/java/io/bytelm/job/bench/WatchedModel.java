package io.bytelm.job.bench;

import io.bytelm.lm.DeviceRows;
import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.RowSegments;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.djl.DjlLanguageModel;
import io.bytelm.lm.djl.EngineStatistics;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells other threads how full the model's state cache is. Closing it leaves the model open. */
final class WatchedModel implements LanguageModel {
    private final DjlLanguageModel model;
    private volatile double stateCacheFill; // written by the thread that calls the model

    WatchedModel(DjlLanguageModel model) {
        this.model = model;
    }

    @Override
    public int vocabularySize() {
        return model.vocabularySize();
    }

    @Override
    public float[][] nextTokenProbabilities(List<TokenContext> contexts) {
        float[][] rows = model.nextTokenProbabilities(contexts);
        look();
        return rows;
    }

    private void look() {
        EngineStatistics statistics = model.statistics();
        stateCacheFill = Math.min(1, (double) statistics.usedTokens() / statistics.capacityTokens());
    }

    @Override
    public @Nullable DeviceRows deviceRows(int capacity) {
        DeviceRows rows = model.deviceRows(capacity);
        return rows == null ? null : new WatchedRows(rows);
    }

    private final class WatchedRows implements DeviceRows {
        private final DeviceRows rows;

        WatchedRows(DeviceRows rows) {
            this.rows = rows;
        }

        @Override
        public int capacity() {
            return rows.capacity();
        }

        @Override
        public void close() {
            rows.close();
        }

        @Override
        public void evaluate(List<TokenContext> contexts, int[] places) {
            rows.evaluate(contexts, places);
            look();
        }

        @Override
        public double[][] sums(List<RowSegments> segments) {
            return rows.sums(segments);
        }
    }

    /** How much of the state cache's memory has ever been used: 0 to 1. */
    double stateCacheFill() {
        return stateCacheFill;
    }

    @Override
    public void close() {}
}
