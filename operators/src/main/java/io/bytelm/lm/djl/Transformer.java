package io.bytelm.lm.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import io.bytelm.lm.DeviceMemory;
import io.bytelm.lm.checkpoint.Experts;
import io.bytelm.lm.checkpoint.ModelConfig;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The model on its device: weights, states and forward pass. Each call hands one script call to the engine, or, where the
 * model is small and the work can be split, one a lane. Slots are given by the caller. One thread at a time.
 */
final class Transformer implements AutoCloseable {
    private final NDManager manager;
    private final TorchModule module;
    private final IValue weights;
    private final KeyValueStore states;
    private final int vocabularySize;
    private final EngineLanes lanes;
    private final List<Desk> desks = new ArrayList<>();
    private final PassSharing sharing;
    private final @Nullable DevicePasses onDevice;
    private final List<RowPool> pools = new ArrayList<>();

    /** So many rows are read to the host in one call. */
    private static final int MAX_ROWS = 128;

    /** Up to here a layer's largest matrix, of about four times this squared, fits into what a core has for itself. */
    private static final int SMALL_HIDDEN_SIZE = 256;

    /**
     * What one script call needs for itself.
     *
     * @param spareSlot where rows that only fill up a batch put their states
     */
    private record Desk(AttentionPlanner planner, InputArena arena, int spareSlot) {}

    /**
     * Takes over {@code manager}, which holds the weights.
     *
     * @param module with the methods of {@link TransformerScript}
     * @param linear as the module computes linear layers
     * @param statePrecision as the script keeps them
     * @param lanes how many script calls may run side by side
     * @param rowsStay whether rows stay on the device; then it has the methods of {@link DeviceScript} too
     */
    Transformer(
            NDManager manager,
            ModelConfig config,
            TorchModule module,
            List<NDArray> weights,
            LinearKernel linear,
            StatePrecision statePrecision,
            int slots,
            int lanes,
            boolean rowsStay) {
        this.manager = manager;
        this.module = module;
        this.weights = TorchModule.values(weights);
        boolean small = config.hiddenSize() <= SMALL_HIDDEN_SIZE;
        this.lanes = new EngineLanes(lanes);
        this.sharing =
                new PassSharing(lanes, !small, fullPartRows(config, linear), System::nanoTime, new OtherProcesses());
        this.states = new KeyValueStore(manager, module, config, statePrecision, slots + this.lanes.count());
        this.vocabularySize = config.vocabularySize();
        for (int lane = 0; lane < this.lanes.count(); lane++) {
            desks.add(new Desk(new AttentionPlanner(slots, AttentionBucket.MAX_SLOTS), new InputArena(), slots + lane));
        }
        this.onDevice =
                rowsStay ? new DevicePasses(manager, module, this.weights, states, vocabularySize, slots) : null;
    }

    private static int fullPartRows(ModelConfig config, LinearKernel linear) {
        Experts experts = config.feedForward().experts();
        if (experts == null) {
            return PassSharing.FULL_PART_ROWS;
        }
        double share = (double) experts.chosen() / experts.count();
        return PassSharing.fullPartRowsWithExperts(share, linear.holdsWeights());
    }

    /**
     * Computes and keeps the states of new tokens. The states of all tokens before them are there already, or are among
     * the new ones.
     *
     * @param added each after its parent, if that is among them
     */
    void extend(List<CachedToken> added) {
        if (onDevice != null) {
            onDevice.extend(added);
            return;
        }
        int rows = added.size();
        double contextTokens =
                added.stream().mapToInt(CachedToken::length).average().orElse(0);
        int most = sharing.parts(rows, contextTokens);
        List<List<CachedToken>> parts = IndependentTokens.split(added, Math.max(1, most));
        long startNanos = System.nanoTime();
        int largest = parts.stream().mapToInt(List::size).max().orElse(0);
        if (sharing.isForTheTeam(rows, most, largest)) {
            extend(added, desks.get(0));
            sharing.teamTook(rows, System.nanoTime() - startNanos);
        } else {
            double leastShare = lanes.run(parts.size(), (part, lane) -> extend(parts.get(part), desks.get(lane)));
            sharing.lanesTook(rows, System.nanoTime() - startNanos, leastShare);
        }
    }

    private void extend(List<CachedToken> added, Desk desk) {
        List<AttentionBucket> buckets = desk.planner().plan(added);
        List<CachedToken> tokens =
                buckets.stream().flatMap(bucket -> bucket.tokens().stream()).toList();
        int rows = BatchSize.roundUp(tokens.size());
        long[] ids = new long[rows];
        long[] positions = new long[rows];
        long[] newSlots = new long[rows];
        Arrays.fill(newSlots, desk.spareSlot());
        for (int row = 0; row < tokens.size(); row++) {
            CachedToken token = tokens.get(row);
            ids[row] = token.context.lastToken();
            positions[row] = token.position();
            newSlots[row] = token.slot;
        }
        try (NDManager scratch = manager.newSubManager();
                Arguments arguments = new Arguments(scratch, desk.arena())) {
            arguments.add(ids);
            arguments.add(positions);
            arguments.add(newSlots);
            addAttention(arguments, buckets);
            arguments.share(weights, states.keysAndValues, states.finalStates);
            arguments.addSizes(trunks(buckets));
            module.call(scratch, "extend", arguments.toArray());
        }
    }

    /** As {@link TransformerScript} says. */
    private static long[] trunks(List<AttentionBucket> buckets) {
        return buckets.stream()
                .flatMapToLong(bucket ->
                        LongStream.concat(LongStream.of(bucket.trunks().length / 3), Arrays.stream(bucket.trunks())))
                .toArray();
    }

    /**
     * Copies states to slots that are one after the other. Only of a model that {@link TrunkScript#fits}.
     *
     * @param from other slots than these
     */
    void move(long[] from, int first) {
        try (NDManager scratch = manager.newSubManager();
                Arguments arguments = new Arguments(scratch, desks.get(0).arena())) {
            arguments.share(states.keysAndValues, states.finalStates);
            arguments.add(from);
            arguments.addSize(first);
            module.call(scratch, "move_states", arguments.toArray());
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
        float[][] rows = new float[tokens.size()][];
        int parts = sharing.parts(rows.length);
        if (parts == PassSharing.TEAM) {
            readProbabilities(tokens, rows, 0, rows.length, desks.get(0));
        } else {
            lanes.run(
                    parts,
                    (part, lane) -> readProbabilities(
                            tokens,
                            rows,
                            rows.length * part / parts,
                            rows.length * (part + 1) / parts,
                            desks.get(lane)));
        }
        return rows;
    }

    private void readProbabilities(List<CachedToken> tokens, float[][] rows, int from, int to, Desk desk) {
        long[] slots = filledUp(tokens.subList(from, to));
        try (NDManager scratch = manager.newSubManager();
                Arguments arguments = new Arguments(scratch, desk.arena())) {
            arguments.share(states.finalStates);
            arguments.add(slots);
            arguments.share(weights);
            NDArray result = module.call(scratch, "probabilities", arguments.toArray());
            FloatBuffer buffer = result.toByteBuffer(true).asFloatBuffer(); // dies with the scratch manager
            for (int row = from; row < to; row++) {
                rows[row] = new float[vocabularySize];
                buffer.get(rows[row]);
            }
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
                Arguments arguments = new Arguments(scratch, desks.get(0).arena())) {
            arguments.share(states.finalStates);
            arguments.add(slots);
            arguments.add(chosen);
            arguments.share(weights);
            NDArray result = module.call(scratch, "log_probabilities", arguments.toArray());
            return Arrays.copyOf(result.toFloatArray(), columns.length);
        }
    }

    /** What keeps and sums rows on the device; null where rows are read to the host. */
    @Nullable
    DevicePasses onDevice() {
        return onDevice;
    }

    /** Frees a pool before this is closed. */
    void free(RowPool pool) {
        if (pools.remove(pool)) {
            pool.close();
        }
    }

    /** Memory for rows on the device, freed with this at the latest. */
    RowPool newRowPool(int capacity) {
        RowPool pool = new RowPool(manager, capacity, vocabularySize);
        pools.add(pool);
        return pool;
    }

    /** How many rows one call reads at most. */
    int maxRows() {
        return onDevice == null ? MAX_ROWS : onDevice.maxRows();
    }

    /** The tokens' slots; the last one again and again where the batch has to be larger. */
    private static long[] filledUp(List<CachedToken> tokens) {
        long[] slots = new long[BatchSize.roundUp(tokens.size())];
        for (int row = 0; row < slots.length; row++) {
            slots[row] = tokens.get(Math.min(row, tokens.size() - 1)).slot;
        }
        return slots;
    }

    /** The memory of its device, as {@link TorchRuntime#memory} says. */
    @Nullable
    DeviceMemory deviceMemory() {
        return TorchRuntime.memory(manager.getDevice());
    }

    /** Tensors that are alive: the same number after every call. */
    int openArrays() {
        return manager.getManagedArrays().size();
    }

    @Override
    public void close() {
        lanes.close();
        pools.forEach(RowPool::close);
        weights.close();
        states.close();
        manager.close();
    }
}
