package io.bytelm.lm.djl;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.bytelm.lm.ContextWindow;
import io.bytelm.lm.DeviceMemory;
import io.bytelm.lm.DeviceRows;
import io.bytelm.lm.EngineFailureException;
import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.ModelIdentity;
import io.bytelm.lm.RowSegments;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.checkpoint.Checkpoint;
import io.bytelm.lm.checkpoint.CheckpointFingerprint;
import io.bytelm.lm.checkpoint.ModelConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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

    private DjlLanguageModel(
            ModelConfig config,
            ContextWindow window,
            Transformer transformer,
            PrefixCache cache,
            DjlModelSettings settings,
            EngineThread engine,
            ModelIdentity identity) {
        this.identity = identity;
        this.config = config;
        this.window = window;
        this.transformer = transformer;
        this.evaluation = new CachedEvaluation(config, transformer, cache);
        this.settings = settings;
        this.engine = engine;
    }

    /** Loads a model whose probabilities come in the order of its token ids. */
    public static DjlLanguageModel open(DjlModelSettings settings) {
        return load(settings, null);
    }

    /**
     * Loads a model.
     *
     * @param columnOrder {@code [vocab]}: the token id of each column of the probabilities, every id once
     * @throws ModelException if the directory, the device or the tokenizer does not fit; one line says what
     */
    public static DjlLanguageModel open(DjlModelSettings settings, int[] columnOrder) {
        return load(settings, columnOrder);
    }

    private static DjlLanguageModel load(DjlModelSettings settings, int @Nullable [] columnOrder) {
        Path directory = settings.modelDirectory();
        ModelConfig config = ModelConfig.read(directory);
        ContextWindow window = window(settings, config);
        if (columnOrder != null) {
            checkColumns(directory, config, columnOrder);
        }
        EngineThread engine = new EngineThread();
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            return engine.call(() -> {
                Device device = TorchRuntime.device(settings.device());
                return TorchRuntime.withoutGradients(
                        settings.threads(),
                        () -> load(settings, config, window, checkpoint, device, columnOrder, engine));
            });
        } catch (RuntimeException | Error e) {
            engine.endWith(() -> {});
            throw e;
        }
    }

    private static DjlLanguageModel load(
            DjlModelSettings settings,
            ModelConfig config,
            ContextWindow window,
            Checkpoint checkpoint,
            Device device,
            int @Nullable [] columnOrder,
            EngineThread engine) {
        long affordable = settings.cacheBytes() / KeyValueStore.bytesPerSlot(config);
        int limit = (int) Math.max(1, Math.min(affordable, Integer.MAX_VALUE / 2));
        int slots = Math.max(limit, window.maxTokens());
        LinearKernel linear = TorchRuntime.bestLinearKernel(device, settings.precision());
        NDManager manager = TorchRuntime.newManager(device);
        try {
            TensorLoader loader = new TensorLoader(checkpoint, manager, linear, settings.precision());
            List<NDArray> weights = TransformerWeights.load(config, loader, manager, columnOrder);
            boolean rowsStay = settings.rows().isOnDevice(device);
            String script = TransformerScript.of(config, linear, settings.precision())
                    + (rowsStay ? DeviceScript.of(device) : "");
            int lanes = device.isGpu() ? 1 : TorchRuntime.threads();
            Transformer transformer = new Transformer(manager, config, script, weights, slots, lanes, rowsStay);
            ModelIdentity identity = identity(checkpoint, config, window, settings.precision());
            PrefixCache cache = new PrefixCache(slots, limit);
            return new DjlLanguageModel(config, window, transformer, cache, settings, engine, identity);
        } catch (EngineException e) {
            manager.close();
            throw new EngineFailureException(
                    settings.modelDirectory() + ": the engine cannot load the model: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    private static ModelIdentity identity(
            Checkpoint checkpoint, ModelConfig config, ContextWindow window, Precision precision) {
        return ModelIdentity.UNKNOWN
                .with("weights", CheckpointFingerprint.of(checkpoint, config))
                .with("context tokens", Integer.toString(window.maxTokens()))
                .with("context stride", Integer.toString(window.strideTokens()))
                .with("precision", precision.name().toLowerCase(Locale.ROOT));
    }

    private static ContextWindow window(DjlModelSettings settings, ModelConfig config) {
        int maxTokens = settings.maxContextTokens() == DjlModelSettings.MODEL_CONTEXT
                ? config.maxPositions()
                : settings.maxContextTokens();
        if (maxTokens > config.maxPositions()) {
            throw new ModelException(settings.modelDirectory() + ": the longest context asked for is " + maxTokens
                    + " tokens, but the model reads at most " + config.maxPositions());
        }
        int stride = settings.contextStrideTokens() == DjlModelSettings.HALF_OF_CONTEXT
                ? Math.max(1, maxTokens / 2)
                : settings.contextStrideTokens();
        return new ContextWindow(maxTokens, Math.min(stride, maxTokens));
    }

    private static void checkColumns(Path directory, ModelConfig config, int[] columnOrder) {
        if (columnOrder.length != config.vocabularySize()) {
            throw new ModelException(directory + ": the tokenizer does not match the model: it has "
                    + columnOrder.length + " token ids, the model " + config.vocabularySize());
        }
        boolean[] seen = new boolean[columnOrder.length];
        for (int token : columnOrder) {
            if (token < 0 || token >= seen.length || seen[token]) {
                throw new IllegalArgumentException("the column order does not name every token id once: " + token
                        + " is out of range or repeated");
            }
            seen[token] = true;
        }
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

    private <T> T evaluate(List<TokenContext> contexts, Function<List<TokenContext>, T> work) {
        List<TokenContext> visible = contexts.stream().map(window::apply).toList();
        truncatedContexts.add(contexts.stream()
                .filter(context -> window.droppedTokens(context.length()) > 0)
                .count());
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
