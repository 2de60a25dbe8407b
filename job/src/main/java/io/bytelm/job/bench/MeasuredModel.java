package io.bytelm.job.bench;

import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.TokenContext;
import java.util.List;

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

    /** How long the model has run (ns). */
    long nanos() {
        return nanos;
    }

    @Override
    public void close() {}
}
