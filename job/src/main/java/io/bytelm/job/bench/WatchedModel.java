package io.bytelm.job.bench;

import io.bytelm.lm.djl.DjlLanguageModel;
import io.bytelm.lm.djl.EngineStatistics;
import java.util.function.Supplier;

/** Tells other threads how full the model's state cache is, and what had to make room in it. */
final class WatchedModel extends ObservedModel {
    private final DjlLanguageModel model;
    private volatile double stateCacheFill; // written by the thread that calls the model, as is the next
    private volatile long evictedTokens;

    WatchedModel(DjlLanguageModel model) {
        super(model);
        this.model = model;
    }

    @Override
    <T> T observed(Supplier<T> call) {
        T result = call.get();
        EngineStatistics statistics = model.statistics();
        stateCacheFill = Math.min(1, (double) statistics.usedTokens() / statistics.capacityTokens());
        evictedTokens = statistics.evictedTokens();
        return result;
    }

    /** How much of the state cache's memory has ever been used: 0 to 1. */
    double stateCacheFill() {
        return stateCacheFill;
    }

    /** How many tokens' states had to make room for others so far. */
    long evictedTokens() {
        return evictedTokens;
    }
}
