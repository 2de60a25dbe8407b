package io.bytelm.job.bench;

import io.bytelm.lm.DeviceRows;
import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.RowSegments;
import io.bytelm.lm.TokenContext;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Another model, with something done around each of its calls. Closing it leaves the model open. */
abstract class ObservedModel implements LanguageModel {
    private final LanguageModel model;

    ObservedModel(LanguageModel model) {
        this.model = model;
    }

    /** Makes a call of the model; on the thread that calls it, one call at a time. */
    abstract <T> T observed(Supplier<T> call);

    @Override
    public final int vocabularySize() {
        return model.vocabularySize();
    }

    @Override
    public final float[][] nextTokenProbabilities(List<TokenContext> contexts) {
        return observed(() -> model.nextTokenProbabilities(contexts));
    }

    @Override
    public final @Nullable DeviceRows deviceRows(int capacity) {
        DeviceRows rows = model.deviceRows(capacity);
        return rows == null ? null : new ObservedRows(rows);
    }

    private final class ObservedRows implements DeviceRows {
        private final DeviceRows rows;

        ObservedRows(DeviceRows rows) {
            this.rows = rows;
        }

        @Override
        public int capacity() {
            return rows.capacity();
        }

        @Override
        public void evaluate(List<TokenContext> contexts, int[] places) {
            var unused = observed(() -> {
                rows.evaluate(contexts, places);
                return places;
            });
        }

        @Override
        public double[][] sums(List<RowSegments> segments) {
            return observed(() -> rows.sums(segments));
        }

        @Override
        public void close() {
            rows.close();
        }
    }

    @Override
    public final void close() {}
}
