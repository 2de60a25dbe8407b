package io.bytelm.service;

import io.bytelm.lm.TokenContext;
import io.bytelm.trie.TokenByteTrie;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Evaluates with the requests of texts whose next bytes are not known also what their beams will probably ask for next: a
 * pass over one context takes nearly as long as one over some. A guess goes along where its chance to be asked for is more than its
 * share in what a request costs, as both were measured.
 *
 * <p>Confined to the thread that calls the model.
 */
final class LikelyGuesses {
    private static final Logger LOG = LoggerFactory.getLogger(LikelyGuesses.class);

    /** In passes; after each failure in a row it is twice as long: what is guessed may be what the model fails for. */
    private static final int SHORTEST_PAUSE = 64;

    private static final int LONGEST_PAUSE = 1 << 16;

    private static final int MAX_PER_REQUEST = 7;

    /** With more of them a pass is nearly as cheap for each as it gets, and to find what is likely takes a good part of its time. */
    private static final int MOST_REQUESTS = 12;

    /** Of a request: the rows of what it is guessed by stay in use. A cache of fewer would lose others before they are used. */
    private static final int ROWS_IN_USE = 32;

    private final TokenByteTrie trie;
    private final Function<List<TokenContext>, List<EvaluatedRow>> model;
    private final RowCache rows;
    private final IntSupplier waiting;
    private final int maxBatch;
    private final LongSupplier clockNanos;
    private final RecentContexts recent = new RecentContexts();
    private final PassCost cost = new PassCost();
    private final GuessCalibration calibration = new GuessCalibration();
    private int pause = SHORTEST_PAUSE;
    private int pauseLeft;

    /**
     * @param model evaluates contexts, one row each
     * @param rows where guessed rows are kept
     * @param waiting how many requests wait
     * @param maxBatch the most contexts of a pass
     * @param clockNanos says what passes take
     */
    LikelyGuesses(
            TokenByteTrie trie,
            Function<List<TokenContext>, List<EvaluatedRow>> model,
            RowCache rows,
            IntSupplier waiting,
            int maxBatch,
            LongSupplier clockNanos) {
        this.trie = trie;
        this.model = model;
        this.rows = rows;
        this.waiting = waiting;
        this.maxBatch = maxBatch;
        this.clockNanos = clockNanos;
    }

    /**
     * Answers requests, if there are not too many.
     *
     * @return one row a request; null if there are too many, or if it failed: the requests alone will meet that again if they are to
     *     blame
     */
    @Nullable
    List<EvaluatedRow> evaluate(List<ExpandRequest> requests) {
        if (requests.size() > MOST_REQUESTS) {
            return null;
        }
        if (pauseLeft > 0) {
            pauseLeft--;
            return null;
        }
        try {
            return evaluateWithGuesses(requests);
        } catch (RuntimeException e) {
            LOG.debug("a pass with guesses failed, {} go without", pause, e);
            pauseLeft = pause;
            pause = Math.min(LONGEST_PAUSE, 2 * pause);
            return null;
        }
    }

    private List<EvaluatedRow> evaluateWithGuesses(List<ExpandRequest> requests) {
        GuessedPass pass = new GuessedPass(
                rows, requests.stream().map(ExpandRequest::context).toList());
        int room = room(pass.contexts());
        Map<TokenContext, Double> chances = room == 0 ? Map.of() : chances(requests, pass.requested());
        pass.addGuesses(likeliestFirst(chances), room);
        boolean isOfKnown = pass.contexts().stream().limit(pass.requested()).allMatch(this::grewFromKnown);
        long tookNanos = pass.run(model, clockNanos);
        if (isOfKnown && pass.requested() > 0) {
            cost.took(pass.contexts().size(), tookNanos);
        }
        double expected = pass.contexts().stream()
                .mapToDouble(context -> chances.getOrDefault(context, 0.0))
                .sum();
        calibration.guessed(expected, rows.usedGuesses());
        pass.contexts().forEach(recent::add);
        pause = pass.guesses() > 0 ? SHORTEST_PAUSE : pause;
        return pass.answers();
    }

    /** One of which more is new than its last token takes longer. */
    private boolean grewFromKnown(TokenContext context) {
        TokenContext parent = context.parent();
        return parent != null && rows.known(parent) != null;
    }

    private int room(Collection<TokenContext> requested) {
        int requests = requested.size();
        long capacity = requested.stream().mapToLong(rows::capacityRows).min().orElse(0);
        boolean isFull = 2L * rows.unasked() >= capacity || ROWS_IN_USE * requests > capacity;
        return isFull ? 0 : Math.max(0, Math.min(MAX_PER_REQUEST * requests, maxBatch - requests));
    }

    /** Of the contexts that are worth their cost. */
    private Map<TokenContext, Double> chances(List<ExpandRequest> requests, int requested) {
        Map<TokenContext, Double> chances = new HashMap<>();
        double leastChance = cost.shareOfOneMore(requested + waiting.getAsInt()) / calibration.usedOfExpected();
        if (leastChance > 1) {
            return chances;
        }
        for (ExpandRequest request : requests) {
            TokenContext asked = rows.onKept(request.context());
            ReadingsOfText readings = new ReadingsOfText(trie, recent, rows::known, asked, request.path());
            LikelyContexts.of(trie, readings, leastChance).forEach((context, chance) -> {
                if (isReadable(context, request.context())) {
                    chances.merge(context, chance, Math::max);
                }
            });
        }
        requests.forEach(request -> chances.remove(request.context()));
        return chances;
    }

    /** Whether it holds as much of the text as the model may read: one that let go of its beginning holds what it needs itself, at least. */
    private static boolean isReadable(TokenContext guess, TokenContext asked) {
        return guess.olderTokens() == 0 || guess.length() >= asked.length();
    }

    private static Collection<TokenContext> likeliestFirst(Map<TokenContext, Double> chances) {
        return chances.entrySet().stream()
                .sorted(Map.Entry.<TokenContext, Double>comparingByValue().reversed())
                .map(Map.Entry::getKey)
                .toList();
    }
}
