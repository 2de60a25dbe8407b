package io.bytelm.service;

import io.bytelm.lm.CanonicalTokenizer;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.TokenContext;
import io.bytelm.trie.TokenByteTrie;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Evaluates with requests also what the beam will probably ask for next: a pass of
 * the model over one context takes nearly as long as one over sixteen. The rows wait in the cache; whether they are used
 * or not changes no answer. Where the requests' paths tell how the text goes on, a few requests are read ahead of in passes of their
 * own, and what goes on from an alternative that was not foreseen is evaluated with it; with more of them guesses go along, see
 * {@link AccompanyingGuesses}, as far as their batch is not full. Where guesses do not pay, they pause. Where bytes become known
 * one by one, {@link LikelyGuesses} go along.
 *
 * <p>Confined to the thread that calls the model.
 */
final class SpeculativeEvaluation {
    private static final Logger LOG = LoggerFactory.getLogger(SpeculativeEvaluation.class);

    /** Of more requests, or where more wait, guesses hold them up and no longer come at little cost. */
    private static final int FEW = 4;

    /** A larger batch is of many texts, and says nothing of whether guesses will pay when they are few again. */
    private static final int MOST_OF_ONE_TEXT = 8;

    private static final int MAX_PASSES = 4;
    private static final int MAX_PASS_CONTEXTS = 64;
    /** A pass for less is not worth it: the beam asks for some contexts together. */
    private static final int MIN_PASS_CONTEXTS = 2;

    private final TokenByteTrie trie;
    private final Function<List<TokenContext>, List<EvaluatedRow>> model;
    private final RowCache rows;
    private final IntSupplier waiting;
    private final CompletableFuture<? extends CanonicalTokenizer> tokenizer;
    private final GuessYield guessYield = new GuessYield();
    private final BranchYield branchYield = new BranchYield();
    private final AccompanyingGuesses accompanying;
    private final LikelyGuesses likely;
    private @Nullable CanonicalContexts canonical;

    /**
     * @param model evaluates contexts, one row each
     * @param rows where guessed rows are kept
     * @param waiting how many requests wait
     * @param tokenizer used as soon as it is there; without it nothing is guessed of texts that are known
     * @param maxBatch the most contexts of a pass over the requests of many texts
     */
    SpeculativeEvaluation(
            TokenByteTrie trie,
            Function<List<TokenContext>, List<EvaluatedRow>> model,
            RowCache rows,
            IntSupplier waiting,
            CompletableFuture<? extends CanonicalTokenizer> tokenizer,
            int maxBatch) {
        this.accompanying = new AccompanyingGuesses(model, rows, maxBatch, System::nanoTime);
        this.likely = new LikelyGuesses(trie, model, rows, waiting, maxBatch, System::nanoTime);
        this.trie = trie;
        this.model = model;
        this.rows = rows;
        this.waiting = waiting;
        this.tokenizer = tokenizer;
    }

    /**
     * Answers requests, if there is room for guesses, and fills the cache.
     *
     * @return one row a request; null if there was nothing to guess, or the pass with guesses failed
     * @throws ModelException if a pass of the requests alone fails
     */
    @Nullable
    List<EvaluatedRow> evaluate(List<ExpandRequest> requests) {
        List<TokenContext> asked = requests.stream().map(ExpandRequest::context).toList();
        boolean comesByteByByte = requests.stream().allMatch(request -> CanonicalContexts.isTooShort(request.path()));
        if (comesByteByByte && (!accompanying.isFollowing() || asked.size() <= FEW)) {
            accompanying.age();
            return likely.evaluate(requests);
        }
        if (!isTokenizerThere()) {
            return null;
        }
        boolean ofOneText = asked.size() <= MOST_OF_ONE_TEXT && !isCrowded();
        boolean few = ofOneText && guessYield.pays(asked.size(), rows.usedGuesses()) && asked.size() <= FEW;
        if (!few && accompanying.room(asked) == 0) {
            return null;
        }
        if (!few && !accompanying.pay(asked.size())) {
            return accompanying.evaluateAlone(asked);
        }
        try {
            return few ? readAhead(requests, asked) : accompanying.evaluate(asked, stretchesOfMany(requests));
        } catch (RuntimeException e) {
            LOG.debug("a pass with guesses failed", e);
            accompanying.forgetStretches();
            return null; // what the requests themselves are to blame for, they will meet again
        }
    }

    private boolean isCrowded() {
        return waiting.getAsInt() > FEW;
    }

    private boolean isTokenizerThere() {
        return tokenizer.isDone() && !tokenizer.isCompletedExceptionally();
    }

    private @Nullable List<EvaluatedRow> readAhead(List<ExpandRequest> requests, List<TokenContext> asked) {
        Map<ExpandRequest, Foresight> stretches = stretches(requests, this::isMissing);
        boolean branch = branchYield.pays(rows.guesses(), rows.usedGuesses());
        List<TokenContext> branches = requests.stream()
                .filter(request -> branch && !stretches.containsKey(request) && isMissing(request.context()))
                .flatMap(request -> canonical().branch(request.context(), request.path()).stream())
                .toList();
        return stretches.isEmpty() && branches.isEmpty() ? null : new Passes().run(asked, branches, stretches.values());
    }

    private boolean isMissing(TokenContext context) {
        return rows.known(context) == null;
    }

    /** What has been handed out may still wait for room, so it is not missed. */
    private Collection<Foresight> stretchesOfMany(List<ExpandRequest> requests) {
        return stretches(requests, context -> false).values();
    }

    /** Of the requests that tell of one. */
    private Map<ExpandRequest, Foresight> stretches(List<ExpandRequest> requests, Predicate<TokenContext> isLost) {
        Map<ExpandRequest, Foresight> stretches = new LinkedHashMap<>();
        for (ExpandRequest request : requests) {
            CanonicalContexts.Stretch stretch = canonical().ahead(request.context(), request.path(), isLost);
            if (stretch != null) {
                stretches.put(request, new Foresight(trie, stretch));
            }
        }
        return stretches;
    }

    private CanonicalContexts canonical() {
        if (canonical == null) {
            canonical = new CanonicalContexts(trie.vocabulary(), tokenizer.join());
        }
        return canonical;
    }

    /** The passes of one evaluation, and the rows that they gave. */
    private final class Passes {
        private final Map<TokenContext, EvaluatedRow> given = new HashMap<>();

        List<EvaluatedRow> run(List<TokenContext> asked, List<TokenContext> branches, Collection<Foresight> stretches) {
            asked.forEach(this::keepKnown);
            Set<TokenContext> first = new LinkedHashSet<>(asked);
            first.addAll(branches);
            stretches.forEach(stretch -> first.addAll(stretch.canonical()));
            pass(first);
            for (int pass = 1; pass < MAX_PASSES && !isCrowded(); pass++) {
                Set<TokenContext> next = new LinkedHashSet<>();
                stretches.forEach(stretch -> next.addAll(stretch.alternatives(this::row)));
                if (next.size() < MIN_PASS_CONTEXTS) {
                    break;
                }
                pass(next);
            }
            List<EvaluatedRow> answers = asked.stream().map(given::get).toList();
            asked.forEach(given::remove);
            given.forEach(rows::keepGuessed);
            return answers;
        }

        /** Guessed while it waited. From here on it is not evicted. */
        private void keepKnown(TokenContext context) {
            EvaluatedRow known = rows.known(context);
            if (known != null) {
                given.put(context, known);
            }
        }

        private void pass(Collection<TokenContext> contexts) {
            List<TokenContext> missing = contexts.stream()
                    .filter(context -> row(context) == null)
                    .limit(MAX_PASS_CONTEXTS)
                    .toList();
            if (missing.isEmpty()) {
                return;
            }
            List<EvaluatedRow> evaluated = model.apply(missing);
            for (int i = 0; i < missing.size(); i++) {
                given.put(missing.get(i), evaluated.get(i));
            }
        }

        private @Nullable EvaluatedRow row(TokenContext context) {
            EvaluatedRow known = given.get(context);
            return known == null ? rows.known(context) : known;
        }
    }
}
