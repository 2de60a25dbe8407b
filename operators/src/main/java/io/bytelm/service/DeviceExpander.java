package io.bytelm.service;

import io.bytelm.lm.DeviceRows;
import io.bytelm.lm.RowSegments;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.batch.BatchLimits;
import io.bytelm.lm.batch.BatchStatistics;
import io.bytelm.lm.batch.MicroBatcher;
import io.bytelm.lm.batch.Terms;
import io.bytelm.trie.TokenByteTrie;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Rows stay on the model's device; only sums of their segments come to the host, those of a whole micro-batch in one piece.
 * The caller's thread plans which segments a request needs, the micro-batcher's one thread has the missing contexts
 * evaluated and all segments summed, and a thread of a small pool makes the answer of the sums. A request whose context is
 * known waits for the next batch too: alone it would make the device wait for the host.
 *
 * <p>A request that waits holds no row. Rows of the batch that is running stay in their places; one that goes while a
 * request for it still waits is read again from the model's states.
 *
 * <p>Nothing is evaluated ahead, and nothing beyond a path is told.
 */
final class DeviceExpander implements Expander {
    /** A batch has room for so many requests a context: most are asked for at several bytes of a token. */
    private static final int REQUESTS_PER_CONTEXT = 4;

    private record Walk(TokenContext context, WalkPlan plan) {}

    private final TokenByteTrie trie;
    private final DeviceRows device;
    private final int maxContexts;
    private final RowPlaces places;
    private final MicroBatcher<Walk, double[]> batcher;
    private final ThreadPoolExecutor walkers;
    private final LongAdder evaluations = new LongAdder();

    /**
     * Starts the threads.
     *
     * @param name of the service, for its threads
     * @param device with {@link #capacity} places
     */
    DeviceExpander(String name, TokenByteTrie trie, DeviceRows device, ServiceSettings settings) {
        this.trie = trie;
        this.device = device;
        this.maxContexts = Math.min(settings.maxBatch(), device.capacity());
        this.places = new RowPlaces(device.capacity(), settings.cacheBytes(), rowBytes(trie));
        long mostRequests = (long) REQUESTS_PER_CONTEXT * settings.maxBatch();
        this.batcher = new MicroBatcher<>(
                name + "-model",
                new BatchLimits(
                        (int) Math.min(mostRequests, Integer.MAX_VALUE),
                        settings.lingerMillis(),
                        settings.maxWaiting()),
                this::sums,
                Failures.REFUSALS);
        this.walkers = WalkThreads.start(name + "-walk-", settings.walkThreads());
    }

    /** How many places to ask the model for: as many as may be kept, and enough for a batch. */
    static int capacity(TokenByteTrie trie, ServiceSettings settings) {
        long kept = Math.min(settings.cacheBytes() / rowBytes(trie), Integer.MAX_VALUE / 2);
        return (int) Math.max(kept, settings.maxBatch());
    }

    private static long rowBytes(TokenByteTrie trie) {
        return (long) Float.BYTES * trie.vocabulary().size();
    }

    @Override
    public CompletableFuture<Expansion> expand(ExpandRequest request, HiddenTokens hidden, Terms terms) {
        WalkPlan plan = new WalkPlan(trie, request.path(), request.rowsFrom(), hidden);
        CompletableFuture<double[]> summed = batcher.submit(new Walk(request.context(), plan), terms);
        CompletableFuture<Expansion> answer = new CompletableFuture<>();
        summed.whenComplete((sums, failure) -> {
            if (!answer.isDone()) {
                walkers.execute(() -> answer(answer, plan, sums, failure, request.context()));
            }
        });
        answer.whenComplete((expansion, failure) -> {
            if (failure != null) {
                batcher.withdraw(summed);
            }
        });
        return answer;
    }

    private static void answer(
            CompletableFuture<Expansion> answer,
            WalkPlan plan,
            double @Nullable [] sums,
            @Nullable Throwable failure,
            TokenContext context) {
        if (sums == null) {
            answer.completeExceptionally(Failures.asContractSays(failure, context));
            return;
        }
        try {
            answer.complete(plan.fold(sums));
        } catch (RuntimeException e) {
            answer.completeExceptionally(Failures.asContractSays(e, context));
        }
    }

    /** The sums of each walk's segments; as many walks at a time as have their rows in places at once. */
    private List<double[]> sums(List<Walk> walks) {
        List<double[]> sums = new ArrayList<>(walks.size());
        while (sums.size() < walks.size()) {
            places.beginBatch();
            sums.addAll(sumsOfBeginning(walks.subList(sums.size(), walks.size())));
        }
        places.endBatch();
        return sums;
    }

    private List<double[]> sumsOfBeginning(List<Walk> walks) {
        List<RowSegments> segments = new ArrayList<>();
        List<TokenContext> missing = new ArrayList<>();
        List<Integer> missingPlaces = new ArrayList<>();
        for (Walk walk : walks) {
            int place = places.find(walk.context());
            if (place == RowPlaces.NONE) {
                place = missing.size() == maxContexts ? RowPlaces.NONE : places.take(walk.context());
                if (place == RowPlaces.NONE) {
                    break;
                }
                missing.add(walk.context());
                missingPlaces.add(place);
            }
            segments.add(new RowSegments(place, walk.plan().bounds()));
        }
        evaluate(missing, missingPlaces);
        return List.of(device.sums(segments));
    }

    private void evaluate(List<TokenContext> contexts, List<Integer> placesOfContexts) {
        if (contexts.isEmpty()) {
            return;
        }
        boolean complete = false;
        try {
            device.evaluate(
                    contexts,
                    placesOfContexts.stream().mapToInt(Integer::intValue).toArray());
            complete = true;
        } finally {
            if (!complete) {
                contexts.forEach(places::forget);
            }
        }
        evaluations.add(contexts.size());
    }

    /** The counters are read one after another, not at one instant. */
    @Override
    public ServiceStatistics statistics(long asked) {
        long evaluated = evaluations.sum();
        BatchStatistics batches = batcher.statistics();
        return new ServiceStatistics(
                asked,
                evaluated,
                0,
                0,
                Math.max(0, asked - evaluated),
                batches.batches(),
                batches.largestBatch(),
                batches.lastBatch(),
                batches.lingerNanos(),
                batches.busyNanos(),
                batcher.waiting(),
                places.bytes());
    }

    @Override
    public void close() {
        batcher.close();
        walkers.shutdown();
        device.close();
    }
}
