package io.bytelm.service;

import io.bytelm.lm.CanonicalTokenizer;
import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.batch.BatchLimits;
import io.bytelm.lm.batch.BatchStatistics;
import io.bytelm.lm.batch.MicroBatcher;
import io.bytelm.lm.batch.Terms;
import io.bytelm.trie.TokenByteTrie;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Rows come to the host and are kept and summed there. A request whose context is known is answered in the caller's
 * thread, in some microseconds; any other waits for the micro-batcher, whose one thread is the only one that asks the
 * model, and is then summed on a thread of a small pool, so that the model can go on with the next batch.
 *
 * <p>It also evaluates ahead: where few requests wait, one pass of the model answers them and what the beam will probably
 * ask for next, by the bytes that are known to come, given a tokenizer, or by what is likely. Answers are the same without it.
 */
final class HostExpander implements Expander {
    /** A cache of fewer rows would lose guesses before they are used. */
    private static final long LEAST_SPECULATION_ROWS = 128;

    private final TokenByteTrie trie;
    private final LanguageModel model;
    private final MicroBatcher<ExpandRequest, EvaluatedRow> batcher;
    private final RowCache rows;
    private final @Nullable SpeculativeEvaluation speculation;
    private final ThreadPoolExecutor walkers;

    /**
     * Starts the threads.
     *
     * @param name of the service, for its threads
     * @param tokenizer serves to evaluate ahead from when it is there
     */
    HostExpander(
            String name,
            TokenByteTrie trie,
            LanguageModel model,
            CompletableFuture<? extends CanonicalTokenizer> tokenizer,
            ServiceSettings settings) {
        this.trie = trie;
        this.model = model;
        this.batcher = new MicroBatcher<>(
                name + "-model",
                new BatchLimits(settings.maxBatch(), settings.lingerMillis(), settings.maxWaiting()),
                this::evaluate,
                Failures.REFUSALS);
        int vocabularySize = trie.vocabulary().size();
        this.rows = new RowCache(cacheBytes(settings, vocabularySize), vocabularySize, new BatchedEvaluator());
        this.speculation = speculates(settings)
                ? new SpeculativeEvaluation(
                        trie, this::evaluateContexts, rows, batcher::waiting, tokenizer, settings.maxBatch())
                : null;
        this.walkers = WalkThreads.start(name + "-walk-", settings.walkThreads());
    }

    /** Without a cache there is no place for a row that nobody has asked for yet. */
    private static boolean speculates(ServiceSettings settings) {
        return settings.speculation() && settings.cacheBytes() > 0;
    }

    private static long cacheBytes(ServiceSettings settings, int vocabularySize) {
        long forGuesses = speculates(settings) ? LEAST_SPECULATION_ROWS * EvaluatedRow.bytes(vocabularySize) : 0;
        return Math.max(settings.cacheBytes(), forGuesses);
    }

    @Override
    public CompletableFuture<Expansion> expand(ExpandRequest request, HiddenTokens hidden, Terms terms) {
        CompletableFuture<EvaluatedRow> row = rows.get(request, terms);
        CompletableFuture<Expansion> answer = new CompletableFuture<>();
        if (row.isDone() && !row.isCompletedExceptionally()) {
            answer(answer, row.join(), null, request, hidden);
            return answer;
        }
        row.whenComplete((columns, failure) -> {
            if (!answer.isDone()) {
                walkers.execute(() -> answer(answer, columns, failure, request, hidden));
            }
        });
        answer.whenComplete((expansion, failure) -> {
            if (failure != null) {
                row.cancel(false); // without effect where it is the row that failed
            }
        });
        return answer;
    }

    /** The micro-batcher as the cache sees it. */
    private final class BatchedEvaluator implements RowCache.Evaluator {
        @Override
        public CompletableFuture<EvaluatedRow> start(ExpandRequest request, Terms terms) {
            return batcher.submit(request, terms);
        }

        @Override
        public boolean withdraw(CompletableFuture<EvaluatedRow> row) {
            return batcher.withdraw(row);
        }
    }

    private void answer(
            CompletableFuture<Expansion> answer,
            @Nullable EvaluatedRow row,
            @Nullable Throwable failure,
            ExpandRequest request,
            HiddenTokens hidden) {
        if (row == null) {
            answer.completeExceptionally(Failures.asContractSays(failure, request.context()));
            return;
        }
        try {
            PathWalk walk = new PathWalk(trie, row, hidden, request.takesWholeAsOne());
            answer.complete(walk.along(request.path(), request.rowsFrom(), request.ahead()));
        } catch (RuntimeException e) {
            answer.completeExceptionally(Failures.asContractSays(e, request.context()));
        }
    }

    private List<EvaluatedRow> evaluate(List<ExpandRequest> asked) {
        List<EvaluatedRow> answers = speculation == null ? null : speculation.evaluate(asked);
        return answers == null
                ? evaluateContexts(asked.stream().map(ExpandRequest::context).toList())
                : answers;
    }

    private List<EvaluatedRow> evaluateContexts(List<TokenContext> contexts) {
        return Arrays.stream(model.nextTokenProbabilities(contexts))
                .map(EvaluatedRow::new)
                .toList();
    }

    /** The counters are read one after another, not at one instant. */
    @Override
    public ServiceStatistics statistics(long asked) {
        long evaluations = rows.evaluations();
        BatchStatistics batches = batcher.statistics();
        return new ServiceStatistics(
                asked,
                evaluations,
                rows.guesses(),
                rows.usedGuesses(),
                Math.max(0, asked - evaluations),
                batches.batches(),
                batches.largestBatch(),
                batches.lastBatch(),
                batches.lingerNanos(),
                batches.busyNanos(),
                batcher.waiting(),
                rows.bytes());
    }

    @Override
    public void close() {
        batcher.close();
        walkers.shutdown();
        rows.clear();
    }
}
