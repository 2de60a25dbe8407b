package io.bytelm.service;

import io.bytelm.lm.CanonicalTokenizer;
import io.bytelm.lm.DeviceMemory;
import io.bytelm.lm.DeviceRows;
import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.ModelIdentity;
import io.bytelm.lm.ModelOpener;
import io.bytelm.lm.batch.Terms;
import io.bytelm.trie.TokenByteTrie;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.Vocabulary;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The service in this JVM: {@link HostExpander} answers where the model gives its rows to the host, {@link DeviceExpander}
 * where they stay on its device.
 *
 * <p>What it keeps is bounded: rows by {@link ServiceSettings#cacheBytes} (the contexts that they belong to included), the
 * model's states by the model's own bound, about 1 MB of what was evaluated ahead, one batch that is running, and else
 * what callers wait for.
 */
public final class EmbeddedTrieLmService implements TrieLmService {
    private static final AtomicInteger INSTANCES = new AtomicInteger();

    private final TokenByteTrie trie;
    private final int[] specialPositions;
    private final LanguageModel model;
    private final Expander expander;
    private final StateRoom room;
    private final CompletableFuture<? extends CanonicalTokenizer> tokenizer;
    private final TokenizerRules rules;
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
     * @param rules as in the constructor
     * @throws ModelException if the model cannot be loaded or has another number of token ids than the vocabulary
     */
    public static EmbeddedTrieLmService open(
            Vocabulary vocabulary,
            ModelOpener opener,
            CompletableFuture<? extends CanonicalTokenizer> tokenizer,
            TokenizerRules rules,
            ServiceSettings settings) {
        TokenByteTrie trie = new TokenByteTrie(vocabulary);
        return new EmbeddedTrieLmService(trie, opener.open(trie.columnOrder()), tokenizer, rules, settings);
    }

    /** Starts a service that evaluates nothing ahead, and does not know how its tokenizer writes texts. */
    public EmbeddedTrieLmService(TokenByteTrie trie, LanguageModel model, ServiceSettings settings) {
        this(trie, model, new CompletableFuture<>(), settings.withoutSpeculation());
    }

    /** Starts a service that does not know how its tokenizer writes texts. */
    public EmbeddedTrieLmService(
            TokenByteTrie trie,
            LanguageModel model,
            CompletableFuture<? extends CanonicalTokenizer> tokenizer,
            ServiceSettings settings) {
        this(trie, model, tokenizer, TokenizerRules.unknown(), settings);
    }

    /**
     * Starts the service.
     *
     * @param model its columns in the trie's {@link TokenByteTrie#columnOrder}; the service closes it, also when this
     *     constructor fails
     * @param tokenizer serves to evaluate ahead from when it is there; if it fails, nothing is evaluated ahead. Closed
     *     with the service
     * @param rules how the tokenizer writes texts
     * @throws ModelException if the model has another number of token ids than the vocabulary
     */
    public EmbeddedTrieLmService(
            TokenByteTrie trie,
            LanguageModel model,
            CompletableFuture<? extends CanonicalTokenizer> tokenizer,
            TokenizerRules rules,
            ServiceSettings settings) {
        this.tokenizer = tokenizer;
        this.rules = rules;
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
        try {
            this.expander = expander("trie-lm-" + INSTANCES.incrementAndGet(), settings);
        } catch (ModelException e) {
            model.close();
            closeTokenizer();
            throw e;
        }
    }

    private Expander expander(String name, ServiceSettings settings) {
        DeviceRows device = model.deviceRows(DeviceExpander.capacity(trie, settings));
        return device == null
                ? new HostExpander(name, trie, model, tokenizer, settings)
                : new DeviceExpander(name, trie, device, settings);
    }

    @Override
    public Vocabulary vocabulary() {
        return trie.vocabulary();
    }

    @Override
    public CanonicalRules canonicalRules() {
        return rules.get();
    }

    @Override
    public byte[] tokenizerJson() {
        return rules.tokenizerJson();
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
            return CompletableFuture.failedFuture(new ServiceClosedException(Failures.CLOSED));
        }
        requests.increment();
        CompletableFuture<Expansion> answer = expander.expand(request, hidden, terms);
        if (!answer.isDone() && terms.patienceMillis() < Long.MAX_VALUE) {
            refuseWhenLate(answer, terms.patienceMillis());
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

    @Override
    public @Nullable DeviceMemory deviceMemory() {
        return model.deviceMemory();
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
        return expander.statistics(requests.sum());
    }

    /** Waits for the evaluation that is running, fails what waits behind it, and frees the model. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            expander.close();
            model.close();
            closeTokenizer();
        }
    }

    private void closeTokenizer() {
        var unused = tokenizer.thenAccept(CanonicalTokenizer::close);
    }
}
