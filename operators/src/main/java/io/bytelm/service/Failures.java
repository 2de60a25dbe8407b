package io.bytelm.service;

import io.bytelm.lm.ModelException;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.batch.BatchRefusals;
import org.jspecify.annotations.Nullable;

/** What a request fails with, as {@link TrieLmService#expand} says. */
final class Failures {
    static final String CLOSED = "the trie/LM service is closed";

    /** What the micro-batcher refuses with. */
    static final BatchRefusals REFUSALS =
            new BatchRefusals(() -> new ServiceClosedException(CLOSED), Failures::exhausted);

    private Failures() {}

    private static ServiceRefusedException exhausted(long retryAfterMillis) {
        return ServiceRefusedException.exhausted(
                "too many contexts wait for the model, try again in " + retryAfterMillis + " ms", retryAfterMillis);
    }

    /** The failure itself if a caller may see it, else one that says what failed. */
    static RuntimeException asContractSays(@Nullable Throwable failure, TokenContext context) {
        if (failure instanceof ModelException
                || failure instanceof ServiceClosedException
                || failure instanceof ServiceRefusedException) {
            return (RuntimeException) failure;
        }
        return new ModelException(
                "the model failed on a context of " + context.length() + " tokens: " + failure, failure);
    }
}
