package io.bytelm.lm.djl;

import io.bytelm.lm.DeviceRows;
import io.bytelm.lm.RowSegments;
import io.bytelm.lm.TokenContext;
import java.util.List;

/** A model's rows in the places of a pool. Any thread may call; calls are done on the model's own one. */
final class PooledRows implements DeviceRows {
    private final DjlLanguageModel model;
    private final DevicePasses device;
    private final RowPool pool;

    PooledRows(DjlLanguageModel model, DevicePasses device, RowPool pool) {
        this.model = model;
        this.device = device;
        this.pool = pool;
    }

    @Override
    public int capacity() {
        return pool.capacity;
    }

    @Override
    public void evaluate(List<TokenContext> contexts, int[] places) {
        model.keep(contexts, device, pool, places);
    }

    @Override
    public double[][] sums(List<RowSegments> segments) {
        return model.sums(device, pool, segments);
    }

    @Override
    public void close() {
        model.free(pool);
    }
}
