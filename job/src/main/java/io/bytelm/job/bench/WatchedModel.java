package io.bytelm.job.bench;

import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.djl.DjlLanguageModel;
import io.bytelm.lm.djl.EngineStatistics;
import java.util.List;

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
        EngineStatistics statistics = model.statistics();
        stateCacheFill = Math.min(1, (double) statistics.usedTokens() / statistics.capacityTokens());
        return rows;
    }

    /** How much of the state cache's memory has ever been used: 0 to 1. */
    double stateCacheFill() {
        return stateCacheFill;
    }

    @Override
    public void close() {}
}
