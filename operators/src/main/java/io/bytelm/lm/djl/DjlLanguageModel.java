package io.bytelm.lm.djl;

import ai.djl.engine.EngineException;
import io.bytelm.lm.ContextWindow;
import io.bytelm.lm.DeviceMemory;
import io.bytelm.lm.DeviceRows;
import io.bytelm.lm.EngineFailureException;
import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.ModelIdentity;
import io.bytelm.lm.RowSegments;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.checkpoint.ModelConfig;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A Hugging Face model on DJL's PyTorch engine. The states of evaluated contexts are kept in a prefix cache, so that a
 * context that grew by a token costs one token; contexts that share a beginning share its states. All missing tokens of a
 * batch go through the model together. Any thread may call; calls are done one after another on a thread of the model's
 * own, and whoever closes waits for the call that is running, since the engine would go on with memory that was freed.
 */
public final class DjlLanguageModel implements LanguageModel {
    private final ModelConfig config;
    private final ContextWindow window;
    private final Transformer transformer;
    private final CachedEvaluation evaluation;
    private final DjlModelSettings settings;
    private final EngineThread engine;
    private final ModelIdentity identity;
    private final LongAdder truncatedContexts = new LongAdder();

    private DjlLanguageModel(DjlModelSettings settings, LoadedModel loaded) {
        this.settings = settings;
        this.identity = loaded.identity();
        this.config = loaded.config();
        this.window = loaded.window();
        this.transformer = loaded.transformer();
        this.evaluation = new CachedEvaluation(
                config,
                transformer,
                loaded.cache(),
                loaded.trunks(),
                KeyValueStore.bytesPerSlot(config, settings.statePrecision()));
        this.engine = loaded.engine();
    }

    /** Loads a model whose probabilities come in the order of its token ids. */
    public static DjlLanguageModel open(DjlModelSettings settings) {
        return new DjlLanguageModel(settings, LoadedModel.load(settings, null, TrunkGrowth.LEAST_TOKENS));
    }

    /**
     * Loads a model.
     *
     * @param columnOrder {@code [vocab]}: the token id of each column of the probabilities, every id once
     * @throws ModelException if the directory, the device or the tokenizer does not fit; one line says what
     */
    public static DjlLanguageModel open(DjlModelSettings settings, int[] columnOrder) {
        return new DjlLanguageModel(settings, LoadedModel.load(settings, columnOrder, TrunkGrowth.LEAST_TOKENS));
    }

    /** With other trunks: what they change is the time that it takes. */
    static DjlLanguageModel open(DjlModelSettings settings, int leastTrunkTokens) {
        return new DjlLanguageModel(settings, LoadedModel.load(settings, null, leastTrunkTokens));
    }

    @Override
    public int vocabularySize() {
        return config.vocabularySize();
    }

    @Override
    public long keptTokens() {
        return evaluation.keptTokens();
    }

    @Override
    public long contextTokens() {
        return window.maxTokens();
    }

    @Override
    public @Nullable DeviceMemory deviceMemory() {
        return transformer.deviceMemory();
    }

    @Override
    public ModelIdentity identity() {
        return identity;
    }

    /** How much of a long context the model reads. */
    public ContextWindow window() {
        return window;
    }

    /** How often a context did not fit, so that its oldest tokens were not read; see {@link ContextWindow}. */
    public long truncatedContexts() {
        return truncatedContexts.sum();
    }

    /** Empties the prefix cache, so that a measurement begins from nothing. */
    public void forgetStates() {
        engine.call(() -> {
            evaluation.clear();
            return evaluation;
        });
    }

    /** Tensors of this model that are alive: constant between calls, unless something leaks. */
    public int openArrays() {
        return transformer.openArrays();
    }

    /** What was done so far; called by the thread that evaluates, or after it. */
    public EngineStatistics statistics() {
        return evaluation.statistics();
    }

    @Override
    public float[][] nextTokenProbabilities(List<TokenContext> contexts) {
        return evaluate(contexts, evaluation::probabilities);
    }

    /**
     * Scores tokens: the log-probability of one next token after each context. All but these numbers stays on the device,
     * which is the fastest way to score a tokenized text; contexts are read by way of the same window and cache as ever.
     *
     * @param contexts {@code [batch]}; at least one
     * @param columns {@code [batch]}: the column of each next token
     * @return {@code [batch]}: log-probabilities (nats)
     * @throws ModelException if the batch cannot be evaluated
     */
    public float[] nextTokenLogProbabilities(List<TokenContext> contexts, int[] columns) {
        if (columns.length != contexts.size()) {
            throw new IllegalArgumentException(columns.length + " next tokens for " + contexts.size() + " contexts");
        }
        return evaluate(contexts, visible -> evaluation.logProbabilities(visible, columns));
    }

    /** {@inheritDoc} Costs no distribution: those are read from the states when they are asked for. */
    @Override
    public void prefetch(List<TokenContext> contexts) {
        evaluate(contexts, evaluation::prefetch);
    }

    @Override
    public @Nullable DeviceRows deviceRows(int capacity) {
        DevicePasses device = transformer.onDevice();
        if (device == null) {
            return null;
        }
        try {
            return new PooledRows(this, device, engine.call(() -> transformer.newRowPool(capacity)));
        } catch (EngineException e) {
            throw new EngineFailureException(
                    "the device has no memory for " + capacity + " rows of " + vocabularySize() + " probabilities: "
                            + e.getMessage(),
                    e);
        }
    }

    /** Puts rows into places of a pool, as {@link DeviceRows#evaluate} says. */
    void keep(List<TokenContext> contexts, DevicePasses device, RowPool pool, int[] places) {
        var unused = evaluate(contexts, visible -> evaluation.keepProbabilities(visible, device, pool, places));
    }

    /** Sums segments of a pool's rows, as {@link DeviceRows#sums} says. */
    double[][] sums(DevicePasses device, RowPool pool, List<RowSegments> segments) {
        return engine.call(() -> onEngine(segments.size(), () -> device.sums(pool, segments)));
    }

    /** Frees a pool. */
    void free(RowPool pool) {
        var unused = engine.call(() -> {
            transformer.free(pool);
            return pool;
        });
    }

    private TokenContext visible(TokenContext context) {
        TokenContext visible = window.apply(context);
        if (visible.length() < context.length()) {
            truncatedContexts.increment();
        }
        return visible;
    }

    private <T> T evaluate(List<TokenContext> contexts, Function<List<TokenContext>, T> work) {
        List<TokenContext> visible = contexts.stream().map(this::visible).toList();
        return engine.call(() -> evaluateOnEngine(visible, work));
    }

    private <T> T evaluateOnEngine(List<TokenContext> visible, Function<List<TokenContext>, T> work) {
        boolean complete = false;
        try {
            T result = onEngine(visible.size(), () -> work.apply(visible));
            complete = settings.cacheBytes() > 0;
            return result;
        } finally {
            if (!complete) {
                evaluation.clear();
            }
        }
    }

    private <T> T onEngine(int batch, Supplier<T> work) {
        try {
            return TorchRuntime.withoutGradients(settings.threads(), work);
        } catch (EngineException e) {
            throw new ModelException("the model failed on a batch of " + batch + ": " + e.getMessage(), e);
        }
    }

    /** Waits for the call that is running; calls after it fail. Closing again does nothing. */
    @Override
    public void close() {
        engine.endWith(() -> {
            evaluation.clear();
            transformer.close();
        });
    }
}
