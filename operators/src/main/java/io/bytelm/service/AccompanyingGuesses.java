package io.bytelm.service;

import io.bytelm.lm.TokenContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Evaluates with the requests of several texts also what their beams will probably ask for next, as far as the pass has
 * room. Contexts of one text that are evaluated together read the states of its beginning once, where one after the other
 * would read all of them each time: with SmolLM2-135M and ten texts that saves more than guesses cost from some 256 tokens on,
 * and costs a twentieth below. Nobody waits for a second pass: what the rows of this one tell goes with the next requests.
 *
 * <p>Confined to the thread that calls the model.
 */
final class AccompanyingGuesses {
    /** More contexts hardly make each of them cheaper. */
    private static final int FULL_PASS = 128;

    /** From here on to read a context's beginning costs more than a guess that nobody asks for (tokens). */
    private static final int LONG_CONTEXT = 256;

    /** All requests of a batch wait for its guesses. */
    private static final int MAX_PER_REQUEST = 3;

    /** A stretch whose other tokenizations are not known after so many batches is left to the beam. */
    private static final int MAX_BATCHES = 8;

    /** Where stretches come faster than there is room for their guesses, the oldest have been read meanwhile. */
    private static final int MAX_FOLLOWED = 128;

    private final Function<List<TokenContext>, List<EvaluatedRow>> model;
    private final RowCache rows;
    private final int maxBatch;
    private final GuessWaste waste = new GuessWaste();
    private final Deque<Followed> followed = new ArrayDeque<>();

    /** A stretch of a text, and how many batches it has gone along with. */
    private static final class Followed {
        final Foresight stretch;
        int batches;

        Followed(Foresight stretch) {
            this.stretch = stretch;
        }
    }

    /**
     * @param model evaluates contexts, one row each
     * @param rows where guessed rows are kept
     * @param maxBatch the most contexts of a pass
     */
    AccompanyingGuesses(Function<List<TokenContext>, List<EvaluatedRow>> model, RowCache rows, int maxBatch) {
        this.model = model;
        this.rows = rows;
        this.maxBatch = maxBatch;
    }

    /** Whether guesses should go along with requests. */
    boolean haveRoomAndPay(Collection<TokenContext> asked) {
        return room(asked) > 0 && waste.pays(asked.size(), rows.guesses(), rows.usedGuesses());
    }

    /** How many guesses may go along with requests; none where contexts are short, or rows wait that nobody may come for. */
    int room(Collection<TokenContext> asked) {
        if (2 * rows.unasked() >= rows.capacityRows()) {
            return 0;
        }
        double meanTokens =
                asked.stream().mapToInt(TokenContext::length).average().orElse(0);
        if (meanTokens < LONG_CONTEXT) {
            return 0;
        }
        return Math.max(0, Math.min(MAX_PER_REQUEST * asked.size(), Math.min(FULL_PASS, maxBatch) - asked.size()));
    }

    /**
     * Answers requests.
     *
     * @param stretches that are known since these requests
     * @return one row a request
     * @throws io.bytelm.lm.ModelException if the pass fails, or a row holds no probabilities
     */
    List<EvaluatedRow> evaluate(List<TokenContext> asked, Collection<Foresight> stretches) {
        stretches.forEach(stretch -> followed.add(new Followed(stretch)));
        while (followed.size() > MAX_FOLLOWED) {
            followed.removeFirst();
        }
        Map<TokenContext, EvaluatedRow> given = new HashMap<>();
        Set<TokenContext> missing = new LinkedHashSet<>();
        for (TokenContext context : asked) {
            EvaluatedRow known = rows.known(context);
            if (known == null) {
                missing.add(context);
            } else {
                given.put(context, known);
            }
        }
        int requested = missing.size();
        addGuesses(missing, room(missing), given);
        List<TokenContext> contexts = new ArrayList<>(missing);
        List<EvaluatedRow> evaluated = contexts.isEmpty() ? List.of() : model.apply(contexts);
        for (int i = 0; i < contexts.size(); i++) {
            if (i < requested) {
                given.put(contexts.get(i), evaluated.get(i));
            } else {
                rows.keepGuessed(contexts.get(i), evaluated.get(i));
            }
        }
        return asked.stream().map(given::get).toList();
    }

    /** Gives up all stretches: one of them may be what a pass has failed for. */
    void forgetStretches() {
        followed.clear();
    }

    private void addGuesses(Set<TokenContext> missing, int room, Map<TokenContext, EvaluatedRow> given) {
        int most = missing.size() + room;
        for (Iterator<Followed> each = followed.iterator(); each.hasNext() && missing.size() < most; ) {
            Followed next = each.next();
            Set<TokenContext> guesses = new LinkedHashSet<>(next.stretch.canonical());
            guesses.addAll(next.stretch.alternatives(context -> {
                EvaluatedRow known = given.get(context);
                return known == null ? rows.known(context) : known;
            }));
            guesses.removeIf(context -> given.containsKey(context) || rows.known(context) != null);
            guesses.stream().limit(most - missing.size()).forEach(missing::add);
            next.batches++;
            if (next.batches > MAX_BATCHES || (next.batches > 1 && guesses.isEmpty())) {
                each.remove();
            }
        }
    }
}
