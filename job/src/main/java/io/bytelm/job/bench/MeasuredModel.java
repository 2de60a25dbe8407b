package io.bytelm.job.bench;

import io.bytelm.lm.LanguageModel;
import java.util.function.Supplier;

/** Counts the time in a model. */
final class MeasuredModel extends ObservedModel {
    private volatile long nanos; // written by the thread that calls the model

    MeasuredModel(LanguageModel model) {
        super(model);
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time calls a model
    <T> T observed(Supplier<T> call) {
        long start = System.nanoTime();
        T result = call.get();
        nanos += System.nanoTime() - start;
        return result;
    }

    /** How long the model has run (ns). */
    long nanos() {
        return nanos;
    }
}
