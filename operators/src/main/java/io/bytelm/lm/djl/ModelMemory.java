package io.bytelm.lm.djl;

import io.bytelm.lm.checkpoint.Checkpoint;
import io.bytelm.lm.checkpoint.ModelConfig;
import io.bytelm.lm.checkpoint.StoredExperts;
import io.bytelm.lm.checkpoint.StoredLayer;
import io.bytelm.lm.checkpoint.StoredLinear;
import java.util.stream.Stream;

/**
 * The memory that a model takes outside Java's heap, besides the engine itself. It is worked out from the configuration and
 * the headers of the weights' files; nothing is loaded.
 *
 * @param weightBytes the most: on CPUs, float32 values that float16 holds take 2 bytes, see {@link HeldWeights}, or in a model of
 *     up to 1 GiB 6, and whether it holds them is not looked at here. 4 a value; in bfloat16 and float16 2 a value of the layers; in int8 1, and of the output layer
 *     too, and 4 a row of a weight. An output layer that is the embedding is held twice, the
 *     second time in the layout and order that products want. Of an embedding that stays in bfloat16, see {@link TokenMatrices}, it is twice too much
 * @param stateBytes the most that the states of contexts take; at least those of one whole context
 */
public record ModelMemory(long weightBytes, long stateBytes) {
    private static final long MOST_HELD_TWICE_BYTES = 1L << 30;

    /** What the states of one token take (bytes). */
    public static long stateBytesPerToken(ModelConfig config, StatePrecision precision) {
        return KeyValueStore.bytesPerSlot(config, precision);
    }

    /** @throws io.bytelm.lm.ModelException if a file is missing, or damaged */
    public static ModelMemory of(DjlModelSettings settings) {
        ModelConfig config = ModelConfig.read(settings.modelDirectory());
        int contextTokens = settings.maxContextTokens() == DjlModelSettings.MODEL_CONTEXT
                ? config.maxPositions()
                : Math.min(settings.maxContextTokens(), config.maxPositions());
        long states = Math.max(
                settings.cacheBytes(), contextTokens * KeyValueStore.bytesPerSlot(config, settings.statePrecision()));
        try (Checkpoint checkpoint = Checkpoint.open(settings.model(), config)) {
            return new ModelMemory(weightBytes(config, checkpoint.values(), settings.precision()), states);
        }
    }

    /**
     * What the weights of a model take that was read already (bytes).
     *
     * @param values how many values its tensors have
     */
    public static long weightBytes(ModelConfig config, long values, Precision precision) {
        long embedding = (long) config.vocabularySize() * config.hiddenSize();
        long outside = config.tiedEmbeddings() ? embedding : 2 * embedding;
        long head = (precision == Precision.INT8 ? Byte.BYTES : Float.BYTES) * embedding;
        long steps = precision == Precision.INT8 ? Float.BYTES * quantizedRows(config) : 0;
        long layers = Math.max(0, values - outside);
        long halves = holdsBoth(values, precision) ? Short.BYTES * (embedding + layers) : 0;
        return Float.BYTES * embedding + head + precision.bytes() * layers + halves + steps;
    }

    /** Whether weights that float16 holds are held in float32 too: where that takes little, passes of many rows are faster. */
    static boolean holdsBoth(long values, Precision precision) {
        return precision == Precision.FLOAT32 && Float.BYTES * values <= MOST_HELD_TWICE_BYTES;
    }

    private static long quantizedRows(ModelConfig config) {
        return config.vocabularySize()
                + config.weights().layers().stream()
                        .flatMap(ModelMemory::linears)
                        .mapToLong(StoredLinear::outputs)
                        .sum();
    }

    private static Stream<StoredLinear> linears(StoredLayer layer) {
        Stream<StoredLinear> all = Stream.of(
                layer.queriesKeysValues(), layer.attentionOutput(), layer.feedForwardIn(), layer.feedForwardOut());
        StoredExperts experts = layer.experts();
        return experts == null ? all : Stream.concat(all, Stream.concat(experts.in().stream(), experts.out().stream()));
    }
}
