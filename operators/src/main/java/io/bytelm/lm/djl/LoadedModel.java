package io.bytelm.lm.djl;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.bytelm.lm.ContextWindow;
import io.bytelm.lm.EngineFailureException;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.ModelIdentity;
import io.bytelm.lm.checkpoint.Checkpoint;
import io.bytelm.lm.checkpoint.CheckpointFingerprint;
import io.bytelm.lm.checkpoint.ModelConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link DjlLanguageModel} is made of: a model directory, brought to its device.
 *
 * @param window how much of a long context is read
 * @param transformer owns what lies on the device
 * @param cache of as many slots as the transformer has, without the spare ones
 * @param trunks lays states of long texts together; null where attention cannot read them so
 * @param engine the thread that everything on the device is done on
 */
record LoadedModel(
        ModelConfig config,
        ContextWindow window,
        Transformer transformer,
        PrefixCache cache,
        @Nullable TrunkGrowth trunks,
        EngineThread engine,
        ModelIdentity identity) {
    /**
     * Loads it, on an engine thread of its own.
     *
     * @param columnOrder {@code [vocab]}: the token id of each column of the probabilities, every id once; null for the order
     *     of ids
     * @param leastTrunkTokens as {@link TrunkGrowth} has them
     * @throws ModelException if the directory, the device or the tokenizer does not fit; one line says what
     */
    static LoadedModel load(DjlModelSettings settings, int @Nullable [] columnOrder, int leastTrunkTokens) {
        Path directory = settings.modelDirectory();
        checkDevice(settings);
        ModelConfig config = ModelConfig.read(directory);
        settings.statePrecision().requireFits(config, directory);
        ContextWindow window = window(settings, config);
        if (columnOrder != null) {
            checkColumns(directory, config, columnOrder);
        }
        EngineThread engine = new EngineThread();
        try (Checkpoint checkpoint = Checkpoint.open(settings.model(), config)) {
            return engine.call(() -> {
                Device device = TorchRuntime.device(settings.device());
                return TorchRuntime.withoutGradients(
                        settings.threads(),
                        () -> load(
                                settings, config, window, checkpoint, device, columnOrder, leastTrunkTokens, engine));
            });
        } catch (RuntimeException | Error e) {
            engine.endWith(() -> {});
            throw e;
        }
    }

    private static LoadedModel load(
            DjlModelSettings settings,
            ModelConfig config,
            ContextWindow window,
            Checkpoint checkpoint,
            Device device,
            int @Nullable [] columnOrder,
            int leastTrunkTokens,
            EngineThread engine) {
        long affordable = settings.cacheBytes() / KeyValueStore.bytesPerSlot(config, settings.statePrecision());
        int limit = (int) Math.max(1, Math.min(affordable, Integer.MAX_VALUE / 2));
        int slots = Math.max(limit, window.maxTokens());
        LinearKernel linear = LinearProbe.best(device, settings.precision());
        NDManager manager = TorchRuntime.newManager(device);
        boolean holdsBoth = ModelMemory.holdsBoth(checkpoint.values(), settings.precision());
        try (LinearWeights linears = new LinearWeights(manager, linear, settings.precision(), holdsBoth);
                TensorLoader loader = new TensorLoader(checkpoint, manager, 1 + linears.packedAside())) {
            List<NDArray> weights = TransformerWeights.load(config, loader, linears, manager, columnOrder);
            boolean rowsStay = settings.rows().isOnDevice(device);
            boolean hasTrunks = !rowsStay && TrunkScript.fits(config, device);
            String script = TransformerScript.of(
                            config, linears.kernel(), settings.precision(), settings.statePrecision(), hasTrunks)
                    + (rowsStay ? DeviceScript.of(device) : "");
            int lanes = device.isGpu() ? 1 : TorchRuntime.threads();
            TorchModule module = linears.compile(script, weights);
            Transformer transformer = new Transformer(
                    manager,
                    config,
                    module,
                    weights,
                    linears.kernel(),
                    settings.statePrecision(),
                    slots,
                    lanes,
                    rowsStay);
            ModelIdentity identity = identity(checkpoint, config, window, settings);
            PrefixCache cache = new PrefixCache(slots, limit);
            TrunkGrowth trunks = hasTrunks ? new TrunkGrowth(cache, transformer::move, leastTrunkTokens) : null;
            return new LoadedModel(config, window, transformer, cache, trunks, engine, identity);
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
            Checkpoint checkpoint, ModelConfig config, ContextWindow window, DjlModelSettings settings) {
        ModelIdentity identity = ModelIdentity.UNKNOWN
                .with("weights", CheckpointFingerprint.of(checkpoint, config))
                .with("context tokens", Integer.toString(window.maxTokens()))
                .with("context stride", Integer.toString(window.strideTokens()))
                .with(ModelIdentity.PRECISION, settings.precision().name().toLowerCase(Locale.ROOT));
        return settings.statePrecision() == StatePrecision.FLOAT32
                ? identity
                : identity.with(
                        ModelIdentity.STATE_PRECISION, settings.statePrecision().toString());
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

    private static void checkDevice(DjlModelSettings settings) {
        if (settings.precision() == Precision.INT8 && settings.device().startsWith("gpu")) {
            throw new ModelException("device '" + settings.device()
                    + "': precision int8 is for CPUs; use bfloat16 or float16" + " on a GPU, or the device cpu");
        }
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
}
