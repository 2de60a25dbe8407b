package io.bytelm.job.bench;

import io.bytelm.lm.DeviceRows;
import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.RowSegments;
import io.bytelm.lm.TokenContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts the time in a model. Closing it leaves the model open. */
class MeasuredModel implements LanguageModel {
    private final LanguageModel model;
    private volatile long nanos; // written by the thread that calls the model

    MeasuredModel(LanguageModel model) {
        this.model = model;
    }

    @Override
    public int vocabularySize() {
        return model.vocabularySize();
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time calls a model
    public float[][] nextTokenProbabilities(List<TokenContext> contexts) {
        long start = System.nanoTime();
        float[][] rows = model.nextTokenProbabilities(contexts);
        nanos += System.nanoTime() - start;
        return rows;
    }

    @Override
    public @Nullable DeviceRows deviceRows(int capacity) {
        DeviceRows rows = model.deviceRows(capacity);
        return rows == null ? null : new MeasuredRows(rows);
    }

    private final class MeasuredRows implements DeviceRows {
        private final DeviceRows rows;

        MeasuredRows(DeviceRows rows) {
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
        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time calls a model
        public void evaluate(List<TokenContext> contexts, int[] places) {
            long start = System.nanoTime();
            rows.evaluate(contexts, places);
            nanos += System.nanoTime() - start;
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time calls a model
        public double[][] sums(List<RowSegments> segments) {
            long start = System.nanoTime();
            double[][] sums = rows.sums(segments);
            nanos += System.nanoTime() - start;
            return sums;
        }
    }

    /** How long the model has run (ns). */
    long nanos() {
        return nanos;
    }

    @Override
    public void close() {}
}
