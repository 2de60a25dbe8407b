package io.bytelm.service;

import io.bytelm.lm.batch.Terms;
import java.util.concurrent.CompletableFuture;

/** How requests are answered: there is a way for each place where a model's rows may be. Any thread. */
interface Expander extends AutoCloseable {
    /**
     * Starts to answer; neither blocks nor throws.
     *
     * @param request of this model's vocabulary
     * @param hidden its tokens without mass
     * @return as {@link TrieLmService#expand} says; whoever waits may complete it, and then it is forgotten
     */
    CompletableFuture<Expansion> expand(ExpandRequest request, HiddenTokens hidden, Terms terms);

    /**
     * What was done so far.
     *
     * @param asked how many requests came
     */
    ServiceStatistics statistics(long asked);

    /** Lets the evaluation that is running finish and fails what waits behind it; the model is free then. */
    @Override
    void close();
}
