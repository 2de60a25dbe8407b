package io.bytelm.lm.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import io.bytelm.lm.checkpoint.ModelConfig;
import java.nio.FloatBuffer;
import java.util.ArrayList;
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

    /**
     * Takes over {@code manager}, which holds the weights.
     *
     * @param script from {@link TransformerScript}
     */
    Transformer(NDManager manager, ModelConfig config, String script, List<NDArray> weights, int slots) {
        this.manager = manager;
        this.module = TorchModule.compile(manager, script);
        this.weights = TorchModule.values(weights);
        this.states = new KeyValueStore(manager, config, slots);
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
        try (NDManager scratch = manager.newSubManager();
                Arguments arguments = new Arguments(scratch)) {
            arguments.addLongs(tokens.stream()
                    .mapToLong(token -> token.context.lastToken())
                    .toArray());
            arguments.addLongs(tokens.stream().mapToLong(CachedToken::position).toArray());
            arguments.addLongs(tokens.stream().mapToLong(token -> token.slot).toArray());
            addAttention(arguments, scratch, buckets);
            arguments.share(weights, states.keys, states.values, states.finalStates);
            module.call(scratch, "extend", arguments.toArray());
        }
    }

    private static void addAttention(Arguments arguments, NDManager scratch, List<AttentionBucket> buckets) {
        List<NDArray> padded = new ArrayList<>();
        List<NDArray> unpadded = new ArrayList<>();
        List<NDArray> slots = new ArrayList<>();
        List<NDArray> masks = new ArrayList<>();
        for (AttentionBucket bucket : buckets) {
            padded.add(scratch.create(bucket.isRagged() ? bucket.padded() : new long[0]));
            unpadded.add(scratch.create(bucket.isRagged() ? bucket.unpadded() : new long[0]));
            slots.add(scratch.create(bucket.slots()));
            masks.add(scratch.create(bucket.mask(), new Shape(bucket.groups(), bucket.rows(), bucket.columns())));
        }
        arguments.addLists(padded, unpadded, slots, masks);
    }

    /**
     * Reads next-token probabilities after tokens whose states are kept.
     *
     * @return {@code [tokens.size()][vocab]}
     */
    float[][] probabilities(List<CachedToken> tokens) {
        try (NDManager scratch = manager.newSubManager();
                Arguments arguments = new Arguments(scratch)) {
            arguments.share(states.finalStates);
            arguments.addLongs(tokens.stream().mapToLong(token -> token.slot).toArray());
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
