package io.bytelm.service;

import io.bytelm.lm.TokenContext;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Evaluates with the requests of several texts also what their beams will probably ask for next, as far as the pass has
 * room and that pays. A pass of few contexts is slow for each of them, since it reads all weights; and contexts of one text that
 * are evaluated together read the states of its beginning once, where one after the other would read all of them each time. Nobody
 * waits for a second pass: what the rows of this one tell goes with the next requests.
 *
 * <p>Confined to the thread that calls the model.
 */
final class AccompanyingGuesses {
    /** More contexts hardly make each of them cheaper. */
    private static final int FULL_PASS = 128;

    /** The same where to read their beginnings takes a good part of the time. */
    private static final int FULL_PASS_OF_LONG_CONTEXTS = 256;

    /** From here on (tokens). */
    private static final int LONG_CONTEXT = 256;

    /** All requests of a batch wait for its guesses. */
    private static final int MAX_PER_REQUEST = 7;

    /** A stretch whose other tokenizations are not known after so many batches is left to the beam. */
    private static final int MAX_BATCHES = 8;

    /** Where stretches come faster than there is room for their guesses, the oldest have been read meanwhile. */
    private static final int MAX_FOLLOWED = 128;

    private final Function<List<TokenContext>, List<EvaluatedRow>> model;
    private final RowCache rows;
    private final int maxBatch;
    private final LongSupplier clockNanos;
    private final GuessBenefit benefit = new GuessBenefit();
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
     * @param clockNanos says what passes take
     */
    AccompanyingGuesses(
            Function<List<TokenContext>, List<EvaluatedRow>> model,
            RowCache rows,
            int maxBatch,
            LongSupplier clockNanos) {
        this.clockNanos = clockNanos;
        this.model = model;
        this.rows = rows;
        this.maxBatch = maxBatch;
    }

    /** Whether guesses should go along with so many requests, if there is room. */
    boolean pay(int requests) {
        return benefit.pays(requests);
    }

    /** How many guesses may go along with requests; none where rows wait that nobody may come for. */
    int room(Collection<TokenContext> asked) {
        if (2 * rows.unasked() >= rows.capacityRows()) {
            return 0;
        }
        double meanTokens =
                asked.stream().mapToInt(TokenContext::length).average().orElse(0);
        int full = meanTokens < LONG_CONTEXT ? FULL_PASS : FULL_PASS_OF_LONG_CONTEXTS;
        return Math.max(0, Math.min(MAX_PER_REQUEST * asked.size(), Math.min(full, maxBatch) - asked.size()));
    }

    /**
     * Answers requests, with guesses.
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
        return pass(asked, true);
    }

    /** Answers requests without guesses, otherwise as {@link #evaluate}; so it is known what that takes. Stretches age all the same. */
    List<EvaluatedRow> evaluateAlone(List<TokenContext> asked) {
        age();
        return pass(asked, false);
    }

    /** A pass goes without the guesses of stretches. */
    void age() {
        followed.removeIf(next -> ++next.batches > MAX_BATCHES);
    }

    private List<EvaluatedRow> pass(List<TokenContext> asked, boolean guesses) {
        GuessedPass pass = new GuessedPass(rows, asked);
        if (guesses) {
            addGuesses(pass);
        }
        long tookNanos = pass.run(model, clockNanos);
        if (pass.guesses() > 0) {
            benefit.tookWithGuesses(pass.requested(), pass.guesses(), tookNanos, rows.usedGuesses());
        } else if (pass.requested() > 0) {
            benefit.tookAlone(pass.requested(), tookNanos);
        }
        return pass.answers();
    }

    /** Whether stretches are known whose guesses have not all gone along. */
    boolean isFollowing() {
        return !followed.isEmpty();
    }

    /** Gives up all stretches: one of them may be what a pass has failed for. */
    void forgetStretches() {
        followed.clear();
    }

    private void addGuesses(GuessedPass pass) {
        int room = room(pass.contexts());
        for (Iterator<Followed> each = followed.iterator(); each.hasNext() && pass.guesses() < room; ) {
            Followed next = each.next();
            Set<TokenContext> guesses = new LinkedHashSet<>(next.stretch.canonical());
            guesses.addAll(next.stretch.alternatives(pass::known));
            guesses.removeIf(context -> pass.known(context) != null);
            pass.addGuesses(guesses, room - pass.guesses());
            next.batches++;
            if (next.batches > MAX_BATCHES || (next.batches > 1 && guesses.isEmpty())) {
                each.remove();
            }
        }
    }
}
