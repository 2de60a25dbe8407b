package io.bytelm.service;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.bytelm.lm.TokenContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * Rows already evaluated, bounded in bytes, and those being evaluated: whoever asks for a context meanwhile waits for the
 * same evaluation. Failures are not kept. Thread-safe.
 */
final class RowCache {
    /** A context shares its beginning with others at best, but keeps this much alive a token at worst. */
    private static final int CONTEXT_BYTES_PER_TOKEN = 32;

    private final Function<TokenContext, CompletableFuture<EvaluatedRow>> evaluate;
    private final Cache<TokenContext, EvaluatedRow> evaluated;
    private final ConcurrentMap<TokenContext, CompletableFuture<EvaluatedRow>> inFlight = new ConcurrentHashMap<>();
    private final LongAdder evaluations = new LongAdder();

    /**
     * @param maxBytes the most memory for evaluated rows
     * @param vocabularySize the columns of a row
     * @param evaluate starts an evaluation; must not block
     */
    RowCache(long maxBytes, int vocabularySize, Function<TokenContext, CompletableFuture<EvaluatedRow>> evaluate) {
        this.evaluate = evaluate;
        long rowBytes = EvaluatedRow.bytes(vocabularySize);
        this.evaluated = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((TokenContext context, EvaluatedRow row) ->
                        (int) Math.min(Integer.MAX_VALUE, rowBytes + CONTEXT_BYTES_PER_TOKEN * (long) context.length()))
                .executor(Runnable::run) // evict at once, in the thread that adds, so that the bound holds
                .build();
    }

    /** The row of a context: complete if it is known, else once it is evaluated. Not to be cancelled by the caller. */
    CompletableFuture<EvaluatedRow> get(TokenContext context) {
        EvaluatedRow known = evaluated.getIfPresent(context);
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        CompletableFuture<EvaluatedRow> mine = new CompletableFuture<>();
        CompletableFuture<EvaluatedRow> others = inFlight.putIfAbsent(context, mine);
        if (others != null) {
            return others;
        }
        // Another thread's evaluation may have ended between the look into the cache and here.
        EvaluatedRow justAdded = evaluated.getIfPresent(context);
        if (justAdded != null) {
            inFlight.remove(context);
            mine.complete(justAdded);
        } else {
            start(context, mine);
        }
        return mine;
    }

    private void start(TokenContext context, CompletableFuture<EvaluatedRow> mine) {
        evaluations.increment();
        evaluate.apply(context).whenComplete((row, failure) -> {
            if (failure == null) {
                evaluated.put(context, row);
                inFlight.remove(context);
                mine.complete(row);
            } else {
                inFlight.remove(context);
                mine.completeExceptionally(failure);
            }
        });
    }

    /** How many evaluations were started. */
    long evaluations() {
        return evaluations.sum();
    }

    /** Forgets the evaluated rows. */
    void clear() {
        evaluated.invalidateAll();
    }
}
