package io.bytelm.lm.djl;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.bytelm.lm.ContextWindow;
import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.checkpoint.Checkpoint;
import io.bytelm.lm.checkpoint.ModelConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Hugging Face model on DJL's PyTorch engine. The states of evaluated contexts are kept in a prefix cache, so that a
 * context that grew by a token costs one token; contexts that share a beginning share its states. All missing tokens of a
 * batch go through the model together.
 */
public final class DjlLanguageModel implements LanguageModel {
    private static final int MAX_PASS_TOKENS = 1024;
    private static final int MAX_PASS_ROWS = 64;

    private final ModelConfig config;
    private final ContextWindow window;
    private final Transformer transformer;
    private final PrefixCache cache;
    private final int threads;

    private DjlLanguageModel(
            ModelConfig config, ContextWindow window, Transformer transformer, PrefixCache cache, int threads) {
        this.config = config;
        this.window = window;
        this.transformer = transformer;
        this.cache = cache;
        this.threads = threads;
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
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            Device device = TorchRuntime.device(settings.device());
            return TorchRuntime.withoutGradients(
                    settings.threads(), () -> load(settings, config, window, checkpoint, device, columnOrder));
        }
    }

    private static DjlLanguageModel load(
            DjlModelSettings settings,
            ModelConfig config,
            ContextWindow window,
            Checkpoint checkpoint,
            Device device,
            int @Nullable [] columnOrder) {
        long wantedSlots = settings.cacheBytes() / KeyValueStore.bytesPerSlot(config);
        int slots = (int) Math.max(window.maxTokens(), Math.min(wantedSlots, Integer.MAX_VALUE / 2));
        LinearKernel linear = TorchRuntime.bestLinearKernel(device);
        NDManager manager = TorchRuntime.newManager(device);
        try {
            TensorLoader loader = new TensorLoader(checkpoint, manager, linear);
            List<NDArray> weights = TransformerWeights.load(config, loader, manager, window.maxTokens(), columnOrder);
            Transformer transformer = new Transformer(manager, config, linear, weights, slots);
            return new DjlLanguageModel(config, window, transformer, new PrefixCache(slots), settings.threads());
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    private static ContextWindow window(DjlModelSettings settings, ModelConfig config) {
        int maxTokens = settings.maxContextTokens() == DjlModelSettings.MODEL_CONTEXT
                ? config.maxPositions()
                : settings.maxContextTokens();
        if (maxTokens > config.maxPositions()) {
            throw new ModelException(settings.modelDirectory() + ": the longest context asked for is " + maxTokens
                    + " tokens, but the model reads at most " + config.maxPositions());
        }
        return new ContextWindow(maxTokens, Math.min(settings.contextStrideTokens(), maxTokens));
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

    /** How much of a long context the model reads. */
    public ContextWindow window() {
        return window;
    }

    /** Tensors of this model that are alive: constant between calls, unless something leaks. */
    public int openArrays() {
        return transformer.openArrays();
    }

    @Override
    public float[][] nextTokenProbabilities(List<TokenContext> contexts) {
        try {
            return TorchRuntime.withoutGradients(threads, () -> new Batch(contexts.size()).evaluate(contexts));
        } catch (RuntimeException e) {
            cache.clear(); // it may hold tokens whose states were never computed
            throw e instanceof EngineException
                    ? new ModelException("the model failed on a batch of " + contexts.size() + ": " + e.getMessage(), e)
                    : e;
        }
    }

    private void checkToken(CachedToken cached) {
        int token = cached.context.lastToken();
        if (token < 0 || token >= config.vocabularySize()) {
            throw new ModelException(
                    "token " + token + " is not one of the model's " + config.vocabularySize() + " token ids");
        }
    }

    @Override
    public void close() {
        cache.clear();
        transformer.close();
    }

    /** One call's contexts on their way through the model, in as many passes as slots and memory demand. */
    private final class Batch {
        private final float[][] rows;
        private final List<CachedToken> added = new ArrayList<>();
        private final List<CachedToken> reached = new ArrayList<>();
        private final List<Integer> reachedRows = new ArrayList<>();

        Batch(int size) {
            rows = new float[size][];
        }

        float[][] evaluate(List<TokenContext> contexts) {
            cache.beginPass();
            for (int i = 0; i < contexts.size(); i++) {
                TokenContext visible = window.apply(contexts.get(i));
                CachedToken token = cache.reach(visible, added);
                if (token == null) {
                    run();
                    token = cache.reach(visible, added);
                }
                if (token == null) {
                    throw new IllegalStateException("the cache is smaller than one context");
                }
                reached.add(token);
                reachedRows.add(i);
            }
            run();
            return rows;
        }

        private void run() {
            added.forEach(DjlLanguageModel.this::checkToken);
            for (int from = 0; from < added.size(); from += MAX_PASS_TOKENS) {
                transformer.extend(added.subList(from, Math.min(added.size(), from + MAX_PASS_TOKENS)));
            }
            for (int from = 0; from < reached.size(); from += MAX_PASS_ROWS) {
                int to = Math.min(reached.size(), from + MAX_PASS_ROWS);
                float[][] part = transformer.probabilities(reached.subList(from, to));
                for (int i = from; i < to; i++) {
                    rows[reachedRows.get(i)] = part[i - from];
                }
            }
            added.clear();
            reached.clear();
            reachedRows.clear();
            cache.beginPass();
        }
    }
}
