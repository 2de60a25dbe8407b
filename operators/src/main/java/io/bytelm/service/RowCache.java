package io.bytelm.service;

import io.bytelm.lm.TokenContext;
import io.bytelm.lm.batch.Terms;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
    private final long maxBytes;
    private final long rowBytes;
    private final Evaluator evaluator;

    /** Evaluates contexts. */
    interface Evaluator {
        /** Starts an evaluation; neither blocks nor throws. */
        CompletableFuture<EvaluatedRow> start(ExpandRequest request, Terms terms);

        /**
         * Nobody waits for an evaluation any more. Does not block.
         *
         * @param row what {@link #start} returned
         * @return whether it had not begun, and is forgotten: it never completes
         */
        boolean withdraw(CompletableFuture<EvaluatedRow> row);
    }

    /**
     * @param context the instance that is the row's key
     * @param asked false for a guess that nobody has asked for yet
     */
    private record Kept(TokenContext context, EvaluatedRow row, boolean asked) {}

    /** What is being evaluated, and who waits for it; guarded as the map that it is in. */
    private static final class Evaluation {
        final List<CompletableFuture<EvaluatedRow>> waiting = new ArrayList<>(1);

        @Nullable
        CompletableFuture<EvaluatedRow> row;
    }

    // All below are guarded by this map, which is ordered by last use.
    private final LinkedHashMap<TokenContext, Kept> evaluated = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<TokenContext, Evaluation> inFlight = new HashMap<>();
    private long bytes;
    private long evaluations;
    private long guesses;
    private long usedGuesses;
    private int unasked;

    /**
     * @param maxBytes the most memory for evaluated rows
     * @param vocabularySize the columns of a row
     */
    RowCache(long maxBytes, int vocabularySize, Evaluator evaluator) {
        this.maxBytes = maxBytes;
        this.rowBytes = EvaluatedRow.bytes(vocabularySize);
        this.evaluator = evaluator;
    }

    /**
     * The row of a request's context: complete if it is known, else once it is evaluated. Cancelled by a caller who no
     * longer wants it; an evaluation that nobody waits for is withdrawn, unless it has begun. Of several who wait for the same
     * context it is the first whose turn counts.
     */
    CompletableFuture<EvaluatedRow> get(ExpandRequest request, Terms terms) {
        TokenContext context = request.context();
        CompletableFuture<EvaluatedRow> mine = new CompletableFuture<>();
        Evaluation evaluation;
        boolean isNew;
        synchronized (evaluated) {
            Kept known = evaluated.get(context);
            if (known != null) {
                countFirstUse(context, known);
                return CompletableFuture.completedFuture(known.row());
            }
            isNew = !inFlight.containsKey(context);
            evaluation = inFlight.computeIfAbsent(context, key -> new Evaluation());
            evaluation.waiting.add(mine);
            evaluations += isNew ? 1 : 0;
        }
        if (isNew) {
            start(request, terms, evaluation);
        }
        mine.whenComplete((row, failure) -> {
            if (mine.isCancelled()) {
                leave(context, evaluation, mine);
            }
        });
        return mine;
    }

    private void start(ExpandRequest request, Terms terms, Evaluation evaluation) {
        CompletableFuture<EvaluatedRow> started = evaluator.start(request, terms);
        synchronized (evaluated) {
            evaluation.row = started;
        }
        started.whenComplete((row, failure) -> {
            for (CompletableFuture<EvaluatedRow> waiting : finish(request.context(), evaluation, row)) {
                if (failure == null) {
                    waiting.complete(row);
                } else {
                    waiting.completeExceptionally(failure);
                }
            }
        });
    }

    private List<CompletableFuture<EvaluatedRow>> finish(
            TokenContext context, Evaluation evaluation, @Nullable EvaluatedRow row) {
        synchronized (evaluated) {
            inFlight.remove(context, evaluation);
            if (row != null) {
                put(context, row, true);
            }
            return List.copyOf(evaluation.waiting);
        }
    }

    private void leave(TokenContext context, Evaluation evaluation, CompletableFuture<EvaluatedRow> mine) {
        synchronized (evaluated) {
            evaluation.waiting.remove(mine);
            CompletableFuture<EvaluatedRow> row = evaluation.row;
            if (evaluation.waiting.isEmpty() && row != null && evaluator.withdraw(row)) {
                inFlight.remove(context, evaluation);
                evaluations--;
            }
        }
    }

    private void countFirstUse(TokenContext context, Kept known) {
        if (!known.asked()) {
            evaluations++;
            usedGuesses++;
            unasked--;
            evaluated.put(context, new Kept(known.context(), known.row(), true));
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
                put(context, row, false);
            }
        }
    }

    private void put(TokenContext context, EvaluatedRow row, boolean asked) {
        TokenContext own = onKeptBeginning(context);
        Kept before = evaluated.put(own, new Kept(own, row, asked));
        if (before == null) {
            bytes += bytes(own);
        }
        unasked += (asked ? 0 : 1) - (before == null || before.asked() ? 0 : 1);
        Iterator<Kept> leastRecentlyUsed = evaluated.values().iterator();
        while (bytes > maxBytes) {
            Kept oldest = leastRecentlyUsed.next();
            bytes -= bytes(oldest.context());
            unasked -= oldest.asked() ? 0 : 1;
            leastRecentlyUsed.remove();
        }
    }

    /** An equal context, built on the kept instances of what it grew from, if there are some: comparing it with others is cheap. */
    TokenContext onKept(TokenContext context) {
        synchronized (evaluated) {
            return onKeptBeginning(context);
        }
    }

    private long bytes(TokenContext context) {
        return rowBytes + KeptBeginnings.bytes(context);
    }

    private TokenContext onKeptBeginning(TokenContext context) {
        return KeptBeginnings.on(context, at -> {
            Kept kept = evaluated.get(at);
            return kept == null ? null : kept.context();
        });
    }

    /** How many rows were guessed, used later or not. */
    long guesses() {
        synchronized (evaluated) {
            return guesses;
        }
    }

    /** How many guessed rows are kept that nobody has asked for yet. */
    int unasked() {
        synchronized (evaluated) {
            return unasked;
        }
    }

    /** How many rows of short contexts there is room for. */
    long capacityRows() {
        return maxBytes / rowBytes;
    }

    /** How many rows of contexts that are as long as this one there is room for. */
    long capacityRows(TokenContext context) {
        return maxBytes / bytes(context);
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

    /** How many contexts are being evaluated, or wait for it. */
    int evaluating() {
        synchronized (evaluated) {
            return inFlight.size();
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
            unasked = 0;
        }
    }
}
