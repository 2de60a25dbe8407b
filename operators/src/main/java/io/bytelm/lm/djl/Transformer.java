package io.bytelm.lm.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import io.bytelm.lm.checkpoint.ModelConfig;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The model on its device: weights, states and forward pass. Each call hands one script call to the engine. Slots are
 * given by the caller. One thread at a time.
 */
final class Transformer implements AutoCloseable {
    private final NDManager manager;
    private final TorchModule module;
    private final IValue weights;
    private final KeyValueStore states;
    private final int vocabularySize;
    private final AttentionPlanner planner;
    private final InputArena arena = new InputArena();

    /** Where rows that only fill up a batch put their states. */
    private final int spareSlot;

    /**
     * Takes over {@code manager}, which holds the weights.
     *
     * @param script from {@link TransformerScript}
     */
    Transformer(NDManager manager, ModelConfig config, String script, List<NDArray> weights, int slots) {
        this.manager = manager;
        this.module = TorchModule.compile(manager, script);
        this.weights = TorchModule.values(weights);
        this.states = new KeyValueStore(manager, config, slots + 1);
        this.spareSlot = slots;
        this.vocabularySize = config.vocabularySize();
        this.planner = new AttentionPlanner(slots);
    }

    /**
     * Computes and keeps the states of new tokens. The states of all tokens before them are there already, or are among
     * the new ones.
     *
     * @param added in any order
     */
    void extend(List<CachedToken> added) {
        List<AttentionBucket> buckets = planner.plan(added);
        List<CachedToken> tokens =
                buckets.stream().flatMap(bucket -> bucket.tokens().stream()).toList();
        int rows = BatchSize.roundUp(tokens.size());
        long[] ids = new long[rows];
        long[] positions = new long[rows];
        long[] newSlots = new long[rows];
        Arrays.fill(newSlots, spareSlot);
        for (int row = 0; row < tokens.size(); row++) {
            CachedToken token = tokens.get(row);
            ids[row] = token.context.lastToken();
            positions[row] = token.position();
            newSlots[row] = token.slot;
        }
        try (NDManager scratch = manager.newSubManager();
                Arguments arguments = new Arguments(scratch, arena)) {
            arguments.add(ids);
            arguments.add(positions);
            arguments.add(newSlots);
            addAttention(arguments, buckets);
            arguments.share(weights, states.keys, states.values, states.finalStates);
            module.call(scratch, "extend", arguments.toArray());
        }
    }

    private static void addAttention(Arguments arguments, List<AttentionBucket> buckets) {
        List<NDArray> padded = new ArrayList<>();
        List<NDArray> unpadded = new ArrayList<>();
        List<NDArray> slots = new ArrayList<>();
        List<NDArray> masks = new ArrayList<>();
        for (AttentionBucket bucket : buckets) {
            padded.add(arguments.longs(bucket.isRagged() ? bucket.padded() : new long[0]));
            unpadded.add(arguments.longs(bucket.isRagged() ? bucket.unpadded() : new long[0]));
            slots.add(arguments.longs(bucket.slots()));
            masks.add(arguments.floats(bucket.mask(), new Shape(bucket.groups(), bucket.rows(), bucket.columns())));
        }
        arguments.add(padded);
        arguments.add(unpadded);
        arguments.add(slots);
        arguments.add(masks);
    }

    /**
     * Reads next-token probabilities after tokens whose states are kept.
     *
     * @return {@code [tokens.size()][vocab]}
     */
    float[][] probabilities(List<CachedToken> tokens) {
        long[] slots = filledUp(tokens);
        try (NDManager scratch = manager.newSubManager();
                Arguments arguments = new Arguments(scratch, arena)) {
            arguments.share(states.finalStates);
            arguments.add(slots);
            arguments.share(weights);
            NDArray result = module.call(scratch, "probabilities", arguments.toArray());
            FloatBuffer buffer = result.toByteBuffer(true).asFloatBuffer(); // dies with the scratch manager
            float[][] rows = new float[tokens.size()][vocabularySize];
            for (float[] row : rows) {
                buffer.get(row);
            }
            return rows;
        }
    }

    /**
     * Reads the log-probability (nats) of one next token after each token; the rows stay on the device.
     *
     * @param columns {@code [tokens.size()]}: the column of each next token
     * @return {@code [tokens.size()]}
     */
    float[] logProbabilities(List<CachedToken> tokens, int[] columns) {
        long[] slots = filledUp(tokens);
        long[] chosen = new long[slots.length];
        for (int row = 0; row < columns.length; row++) {
            chosen[row] = columns[row];
        }
        try (NDManager scratch = manager.newSubManager();
                Arguments arguments = new Arguments(scratch, arena)) {
            arguments.share(states.finalStates);
            arguments.add(slots);
            arguments.add(chosen);
            arguments.share(weights);
            NDArray result = module.call(scratch, "log_probabilities", arguments.toArray());
            return Arrays.copyOf(result.toFloatArray(), columns.length);
        }
    }

    /** The tokens' slots; the last one again and again where the batch has to be larger. */
    private static long[] filledUp(List<CachedToken> tokens) {
        long[] slots = new long[BatchSize.roundUp(tokens.size())];
        for (int row = 0; row < slots.length; row++) {
            slots[row] = tokens.get(Math.min(row, tokens.size() - 1)).slot;
        }
        return slots;
    }

    /** Tensors that are alive: the same number after every call. */
    int openArrays() {
        return manager.getManagedArrays().size();
    }

    @Override
    public void close() {
        weights.close();
        states.close();
        manager.close();
    }
}
