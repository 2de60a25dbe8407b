package io.bytelm.lm.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import io.bytelm.lm.RowSegments;
import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Script calls of a model whose rows stay on its device. Every call's inputs lie in one piece of memory and have one of a
 * few shapes; only {@link #sums} waits for the device. One thread at a time.
 */
final class DevicePasses {
    /** Beyond, probabilities of a pass take too much of a device's memory (bytes). */
    private static final long PASS_BYTES = 256L << 20;

    private static final int MAX_ROWS = 1024;

    private final NDManager manager;
    private final TorchModule module;
    private final IValue weights;
    private final KeyValueStore states;
    private final int vocabularySize;
    private final int spareSlot;
    private final AttentionPlanner planner;
    private final InputArena arena = new InputArena();

    /**
     * @param module with the methods of {@link DeviceScript}
     * @param spareSlot where rows that only fill up a pass put their states
     */
    DevicePasses(
            NDManager manager,
            TorchModule module,
            IValue weights,
            KeyValueStore states,
            int vocabularySize,
            int spareSlot) {
        this.manager = manager;
        this.module = module;
        this.weights = weights;
        this.states = states;
        this.vocabularySize = vocabularySize;
        this.spareSlot = spareSlot;
        this.planner = new AttentionPlanner(spareSlot, AttentionBucket.MAX_SLOTS_ON_DEVICE);
    }

    /** How many rows one call reads at most: a power of two. */
    int maxRows() {
        long rows = PASS_BYTES / (Float.BYTES * (long) vocabularySize);
        return (int) Math.max(1, Math.min(MAX_ROWS, Long.highestOneBit(rows)));
    }

    /** Computes and keeps the states of new tokens, as {@link Transformer#extend} says. */
    void extend(List<CachedToken> added) {
        List<PaddedBucket> buckets =
                planner.plan(added).stream().map(PaddedBucket::of).toList();
        int rows = BatchSize.powerOfTwo(
                buckets.stream().mapToInt(PaddedBucket::tokenRows).sum());
        PackedNumbers numbers = numbers(buckets, rows);
        try (NDManager scratch = manager.newSubManager();
                NDManager host = manager.newSubManager(Device.cpu());
                Arguments arguments = new Arguments(host, arena)) {
            arguments.add(numbers.all());
            arguments.addSizes(numbers.sizes());
            arguments.add(masks(buckets));
            arguments.addSizes(buckets.stream()
                    .flatMapToLong(
                            bucket -> Arrays.stream(new long[] {bucket.groups(), bucket.rows(), bucket.columns()}))
                    .toArray());
            arguments.share(weights, states.keysAndValues, states.finalStates);
            module.call(scratch, "extend_packed", arguments.toArray());
        }
    }

    private PackedNumbers numbers(List<PaddedBucket> buckets, int rows) {
        long[] ids = new long[rows];
        long[] positions = new long[rows];
        long[] newSlots = new long[rows];
        Arrays.fill(newSlots, spareSlot);
        int row = 0;
        for (PaddedBucket bucket : buckets) {
            int at = row;
            for (CachedToken token : bucket.tokens()) {
                ids[at] = token.context.lastToken();
                positions[at] = token.position();
                newSlots[at] = token.slot;
                at++;
            }
            row += bucket.tokenRows();
        }
        List<long[]> parts = new ArrayList<>(List.of(ids, positions, newSlots));
        buckets.forEach(bucket -> parts.addAll(List.of(bucket.padded(), bucket.unpadded(), bucket.slots())));
        return PackedNumbers.of(parts);
    }

    private static float[] masks(List<PaddedBucket> buckets) {
        float[] all = new float
                [buckets.stream().mapToInt(bucket -> bucket.mask().length).sum()];
        int at = 0;
        for (PaddedBucket bucket : buckets) {
            System.arraycopy(bucket.mask(), 0, all, at, bucket.mask().length);
            at += bucket.mask().length;
        }
        return all;
    }

    /**
     * Puts next-token probabilities after tokens whose states are kept into places of a pool.
     *
     * @param tokens at most {@link #maxRows}
     * @param places {@code [tokens.size()]}
     */
    void keepProbabilities(List<CachedToken> tokens, RowPool pool, int[] places) {
        int rows = BatchSize.powerOfTwo(tokens.size());
        long[] slotsAndPlaces = new long[2 * rows];
        for (int row = 0; row < rows; row++) {
            boolean fills = row >= tokens.size();
            slotsAndPlaces[row] = tokens.get(fills ? 0 : row).slot;
            slotsAndPlaces[rows + row] = fills ? pool.capacity : places[row];
        }
        try (NDManager scratch = manager.newSubManager();
                NDManager host = manager.newSubManager(Device.cpu());
                Arguments arguments = new Arguments(host, arena)) {
            arguments.add(slotsAndPlaces);
            arguments.addSize(rows);
            arguments.share(pool.rows, states.finalStates, weights);
            module.call(scratch, "keep_probabilities", arguments.toArray());
        }
    }

    /**
     * Sums segments of a pool's rows, and waits for the result.
     *
     * @return {@code [all.size()][segments]}
     */
    double[][] sums(RowPool pool, List<RowSegments> all) {
        double[][] sums = new double[all.size()][];
        int most = maxRows();
        for (int from = 0; from < sums.length; from += most) {
            List<RowSegments> part = all.subList(from, Math.min(sums.length, from + most));
            System.arraycopy(sumsOfCall(pool, part), 0, sums, from, part.size());
        }
        return sums;
    }

    private double[][] sumsOfCall(RowPool pool, List<RowSegments> part) {
        SegmentOffsets offsets = SegmentOffsets.of(part, vocabularySize);
        try (NDManager scratch = manager.newSubManager();
                NDManager host = manager.newSubManager(Device.cpu());
                Arguments arguments = new Arguments(host, arena)) {
            arguments.add(offsets.placesAndOffsets());
            arguments.addSize(offsets.rows());
            arguments.share(pool.rows);
            NDArray result = module.call(scratch, "segment_sums", arguments.toArray());
            DoubleBuffer buffer = result.toByteBuffer(true).asDoubleBuffer(); // dies with the scratch manager
            double[][] sums = new double[part.size()][];
            for (int i = 0; i < sums.length; i++) {
                sums[i] = new double[part.get(i).count()];
                buffer.get(sums[i]);
            }
            return sums;
        }
    }
}
