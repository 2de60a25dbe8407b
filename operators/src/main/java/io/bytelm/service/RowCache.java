package io.bytelm.service;

import io.bytelm.lm.TokenContext;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rows already evaluated, bounded in bytes, and those being evaluated: whoever asks for a context meanwhile waits for the
 * same evaluation. Failures are not kept. Thread-safe; the lock is held for map operations only.
 *
 * <p>The least recently used row goes first. A context is asked for at each byte of a token and then never again, so what
 * counts is when it was used last, not how often: Caffeine's frequency-based admission, tried here, turned fresh rows away
 * and cost up to 2.8 evaluations a context where this costs 1.
 */
final class RowCache {
    /** A context shares its beginning with others at best, but keeps this much alive a token at worst. */
    private static final long CONTEXT_BYTES_PER_TOKEN = 32;

    private final long maxBytes;
    private final long rowBytes;
    private final Function<ExpandRequest, CompletableFuture<EvaluatedRow>> evaluate;

    /** @param asked false for a guess that nobody has asked for yet */
    private record Kept(EvaluatedRow row, boolean asked) {}

    // All below are guarded by this map, which is ordered by last use.
    private final LinkedHashMap<TokenContext, Kept> evaluated = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<TokenContext, CompletableFuture<EvaluatedRow>> inFlight = new HashMap<>();
    private long bytes;
    private long evaluations;
    private long guesses;
    private long usedGuesses;

    /**
     * @param maxBytes the most memory for evaluated rows
     * @param vocabularySize the columns of a row
     * @param evaluate starts an evaluation; must neither block nor throw
     */
    RowCache(long maxBytes, int vocabularySize, Function<ExpandRequest, CompletableFuture<EvaluatedRow>> evaluate) {
        this.maxBytes = maxBytes;
        this.rowBytes = EvaluatedRow.bytes(vocabularySize);
        this.evaluate = evaluate;
    }

    /**
     * The row of a request's context: complete if it is known, else once it is evaluated. Not to be cancelled by the
     * caller.
     */
    CompletableFuture<EvaluatedRow> get(ExpandRequest request) {
        TokenContext context = request.context();
        CompletableFuture<EvaluatedRow> mine = new CompletableFuture<>();
        synchronized (evaluated) {
            Kept known = evaluated.get(context);
            if (known != null) {
                countFirstUse(context, known);
                return CompletableFuture.completedFuture(known.row());
            }
            CompletableFuture<EvaluatedRow> others = inFlight.putIfAbsent(context, mine);
            if (others != null) {
                return others;
            }
            evaluations++;
        }
        evaluate.apply(request).whenComplete((row, failure) -> {
            if (failure == null) {
                keep(context, row);
                mine.complete(row);
            } else {
                forget(context);
                mine.completeExceptionally(failure);
            }
        });
        return mine;
    }

    private void countFirstUse(TokenContext context, Kept known) {
        if (!known.asked()) {
            evaluations++;
            usedGuesses++;
            evaluated.put(context, new Kept(known.row(), true));
        }
    }

    /** A row that is known already, which counts as no use; null if it is not. */
    @Nullable
    EvaluatedRow known(TokenContext context) {
        synchronized (evaluated) {
            Kept known = evaluated.get(context);
            return known == null ? null : known.row();
        }
    }

    /** Keeps a row that nobody asked for. */
    void keepGuessed(TokenContext context, EvaluatedRow row) {
        synchronized (evaluated) {
            guesses++;
            if (!evaluated.containsKey(context)) {
                put(context, new Kept(row, false));
            }
        }
    }

    private void keep(TokenContext context, EvaluatedRow row) {
        synchronized (evaluated) {
            inFlight.remove(context);
            put(context, new Kept(row, true));
        }
    }

    private void put(TokenContext context, Kept kept) {
        if (evaluated.put(context, kept) == null) {
            bytes += bytes(context);
        }
        Iterator<TokenContext> leastRecentlyUsed = evaluated.keySet().iterator();
        while (bytes > maxBytes) {
            bytes -= bytes(leastRecentlyUsed.next());
            leastRecentlyUsed.remove();
        }
    }

    private void forget(TokenContext context) {
        synchronized (evaluated) {
            inFlight.remove(context);
        }
    }

    private long bytes(TokenContext context) {
        return rowBytes + CONTEXT_BYTES_PER_TOKEN * context.heldTokens();
    }

    /** How many rows were guessed, used later or not. */
    long guesses() {
        synchronized (evaluated) {
            return guesses;
        }
    }

    /** How many guessed rows were asked for, each counted once. */
    long usedGuesses() {
        synchronized (evaluated) {
            return usedGuesses;
        }
    }

    /** How many contexts were asked for that were not known, or guessed and not asked for before. */
    long evaluations() {
        synchronized (evaluated) {
            return evaluations;
        }
    }

    /** The memory (bytes) of the rows that are kept now. */
    long bytes() {
        synchronized (evaluated) {
            return bytes;
        }
    }

    /** Forgets the evaluated rows. */
    void clear() {
        synchronized (evaluated) {
            evaluated.clear();
            bytes = 0;
        }
    }
}
