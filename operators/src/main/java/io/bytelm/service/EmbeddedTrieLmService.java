package io.bytelm.service;

import io.bytelm.lm.CanonicalTokenizer;
import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.ModelIdentity;
import io.bytelm.lm.ModelOpener;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.batch.BatchLimits;
import io.bytelm.lm.batch.BatchRefusals;
import io.bytelm.lm.batch.BatchStatistics;
import io.bytelm.lm.batch.MicroBatcher;
import io.bytelm.lm.batch.Terms;
import io.bytelm.trie.TokenByteTrie;
import io.bytelm.vocab.Vocabulary;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The service in this JVM. A request whose context is known is answered in the caller's thread, in some microseconds; any
 * other waits for the micro-batcher, whose one thread is the only one that asks the model, and is then summed on a
 * thread of a small pool, so that the model can go on with the next batch.
 *
 * <p>With a tokenizer it also evaluates ahead: where few requests wait and their paths tell how the text goes on, one pass
 * of the model answers them and what the beam will ask for next. Answers are the same without it.
 *
 * <p>What it keeps is bounded: rows by {@link ServiceSettings#cacheBytes} (the contexts that they belong to included), the
 * model's states by the model's own bound, less than 1 MB of what was evaluated ahead, one batch that is running, and else
 * what callers wait for.
 */
public final class EmbeddedTrieLmService implements TrieLmService {
    private static final String CLOSED = "the trie/LM service is closed";
    /** A cache of fewer rows would lose guesses before they are used. */
    private static final long LEAST_SPECULATION_ROWS = 128;

    private static final AtomicInteger INSTANCES = new AtomicInteger();

    private final TokenByteTrie trie;
    private final int[] specialPositions;
    private final LanguageModel model;
    private final MicroBatcher<ExpandRequest, EvaluatedRow> batcher;
    private final RowCache rows;
    private final StateRoom room;
    private final CompletableFuture<? extends CanonicalTokenizer> tokenizer;
    private final @Nullable SpeculativeEvaluation speculation;
    private final ThreadPoolExecutor walkers;
    private final LongAdder requests = new LongAdder();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Builds the trie, opens the model in the trie's column order, and starts a service that evaluates nothing ahead.
     *
     * @throws ModelException if the model cannot be loaded or has another number of token ids than the vocabulary
     */
    public static EmbeddedTrieLmService open(Vocabulary vocabulary, ModelOpener opener, ServiceSettings settings) {
        TokenByteTrie trie = new TokenByteTrie(vocabulary);
        return new EmbeddedTrieLmService(trie, opener.open(trie.columnOrder()), settings);
    }

    /**
     * Builds the trie, opens the model in the trie's column order, and starts the service.
     *
     * @param tokenizer as in the constructor
     * @throws ModelException if the model cannot be loaded or has another number of token ids than the vocabulary
     */
    public static EmbeddedTrieLmService open(
            Vocabulary vocabulary,
            ModelOpener opener,
            CompletableFuture<? extends CanonicalTokenizer> tokenizer,
            ServiceSettings settings) {
        TokenByteTrie trie = new TokenByteTrie(vocabulary);
        return new EmbeddedTrieLmService(trie, opener.open(trie.columnOrder()), tokenizer, settings);
    }

    /** Starts a service that evaluates nothing ahead. */
    public EmbeddedTrieLmService(TokenByteTrie trie, LanguageModel model, ServiceSettings settings) {
        this(trie, model, new CompletableFuture<>(), settings.withoutSpeculation());
    }

    /**
     * Starts the service.
     *
     * @param model its columns in the trie's {@link TokenByteTrie#columnOrder}; the service closes it, also when this
     *     constructor fails
     * @param tokenizer serves to evaluate ahead from when it is there; if it fails, nothing is evaluated ahead. Closed
     *     with the service
     * @throws ModelException if the model has another number of token ids than the vocabulary
     */
    public EmbeddedTrieLmService(
            TokenByteTrie trie,
            LanguageModel model,
            CompletableFuture<? extends CanonicalTokenizer> tokenizer,
            ServiceSettings settings) {
        this.tokenizer = tokenizer;
        int vocabularySize = trie.vocabulary().size();
        if (model.vocabularySize() != vocabularySize) {
            String message = "the model has " + model.vocabularySize() + " token ids but the tokenizer has "
                    + vocabularySize + ": take both from the same directory";
            model.close();
            closeTokenizer();
            throw new ModelException(message);
        }
        this.trie = trie;
        this.specialPositions = HiddenTokens.specialPositions(trie);
        this.model = model;
        this.room = new StateRoom(model.keptTokens());
        String name = "trie-lm-" + INSTANCES.incrementAndGet();
        this.batcher = new MicroBatcher<>(
                name + "-model",
                new BatchLimits(settings.maxBatch(), settings.lingerMillis(), settings.maxWaiting()),
                this::evaluate,
                new BatchRefusals(() -> new ServiceClosedException(CLOSED), EmbeddedTrieLmService::exhausted));
        this.rows = new RowCache(cacheBytes(settings, vocabularySize), vocabularySize, new BatchedEvaluator());
        this.speculation = speculates(settings)
                ? new SpeculativeEvaluation(trie, this::evaluateContexts, rows, batcher::waiting, tokenizer)
                : null;
        this.walkers = walkers(name + "-walk-", settings.walkThreads());
    }

    private static ServiceRefusedException exhausted(long retryAfterMillis) {
        return ServiceRefusedException.exhausted(
                "too many contexts wait for the model, try again in " + retryAfterMillis + " ms", retryAfterMillis);
    }

    /** Without a cache there is no place for a row that nobody has asked for yet. */
    private static boolean speculates(ServiceSettings settings) {
        return settings.speculation() && settings.cacheBytes() > 0;
    }

    private static long cacheBytes(ServiceSettings settings, int vocabularySize) {
        long forGuesses = speculates(settings) ? LEAST_SPECULATION_ROWS * EvaluatedRow.bytes(vocabularySize) : 0;
        return Math.max(settings.cacheBytes(), forGuesses);
    }

    private static ThreadPoolExecutor walkers(String namePrefix, int threads) {
        AtomicInteger started = new AtomicInteger();
        return new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(),
                task -> {
                    Thread thread = new Thread(task, namePrefix + started.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                },
                // Only a closed service refuses a task: whoever brings it does it, so that no request is left
                // unanswered.
                (task, pool) -> task.run());
    }

    @Override
    public Vocabulary vocabulary() {
        return trie.vocabulary();
    }

    /** The trie over the vocabulary, for those who want to look at it. */
    public TokenByteTrie trie() {
        return trie;
    }

    @Override
    public CompletableFuture<Expansion> expand(ExpandRequest request) {
        return expand(request, Terms.NONE);
    }

    @Override
    public CompletableFuture<Expansion> expand(ExpandRequest request, Terms terms) {
        HiddenTokens hidden;
        try {
            hidden = HiddenTokens.of(request, trie, specialPositions);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(new ModelException(String.valueOf(e.getMessage()), e));
        }
        if (closed.get()) {
            return CompletableFuture.failedFuture(new ServiceClosedException(CLOSED));
        }
        requests.increment();
        CompletableFuture<EvaluatedRow> row = rows.get(request, terms);
        CompletableFuture<Expansion> answer = new CompletableFuture<>();
        if (row.isDone() && !row.isCompletedExceptionally()) {
            answer(answer, row.join(), null, request, hidden);
        } else {
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
            if (terms.patienceMillis() < Long.MAX_VALUE) {
                refuseWhenLate(answer, terms.patienceMillis());
            }
        }
        return answer;
    }

    private static void refuseWhenLate(CompletableFuture<Expansion> answer, long patienceMillis) {
        CompletableFuture<@Nullable Void> patience =
                new CompletableFuture<@Nullable Void>().orTimeout(patienceMillis, TimeUnit.MILLISECONDS);
        answer.whenComplete((expansion, failure) -> patience.complete(null));
        patience.whenComplete((nothing, late) -> {
            if (late != null) {
                answer.completeExceptionally(ServiceRefusedException.late(patienceMillis));
            }
        });
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
            answer.completeExceptionally(asContractSays(failure, request.context()));
            return;
        }
        try {
            answer.complete(new PathWalk(trie, row, hidden).along(request.path(), request.rowsFrom()));
        } catch (RuntimeException e) {
            answer.completeExceptionally(asContractSays(e, request.context()));
        }
    }

    private static RuntimeException asContractSays(@Nullable Throwable failure, TokenContext context) {
        if (failure instanceof ModelException
                || failure instanceof ServiceClosedException
                || failure instanceof ServiceRefusedException) {
            return (RuntimeException) failure;
        }
        return new ModelException(
                "the model failed on a context of " + context.length() + " tokens: " + failure, failure);
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

    @Override
    public long keptTokens() {
        return model.keptTokens();
    }

    @Override
    public long contextTokens() {
        return model.contextTokens();
    }

    @Override
    public ModelIdentity identity() {
        return TrieLmService.super.identity().with(model.identity());
    }

    @Override
    public StateRoom room() {
        return room;
    }

    /** What was done so far; any thread may ask. The counters are read one after another, not at one instant. */
    @Override
    public ServiceStatistics statistics() {
        long evaluations = rows.evaluations();
        long asked = requests.sum();
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

    /** Waits for the evaluation that is running, fails what waits behind it, and frees the model. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            batcher.close();
            walkers.shutdown();
            rows.clear();
            model.close();
            closeTokenizer();
        }
    }

    private void closeTokenizer() {
        var unused = tokenizer.thenAccept(CanonicalTokenizer::close);
    }
}
