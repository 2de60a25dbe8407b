package io.bytelm.service;

import io.bytelm.lm.TokenContext;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A pass of the model over what is asked for and guesses that go along, whose rows wait in the cache. What was guessed while its
 * request waited is not evaluated again. Confined to the thread that calls the model.
 */
final class GuessedPass {
    private final RowCache rows;
    private final List<TokenContext> asked;
    private final Map<TokenContext, EvaluatedRow> given = new HashMap<>();
    private final Set<TokenContext> missing = new LinkedHashSet<>();
    private final int requested;

    GuessedPass(RowCache rows, List<TokenContext> asked) {
        this.rows = rows;
        this.asked = asked;
        for (TokenContext context : asked) {
            EvaluatedRow known = rows.known(context);
            if (known == null) {
                missing.add(context);
            } else {
                given.put(context, known);
            }
        }
        this.requested = missing.size();
    }

    /** What is asked for and has to be evaluated; then guesses, too. */
    Set<TokenContext> contexts() {
        return missing;
    }

    /** How many contexts are asked for and have to be evaluated. */
    int requested() {
        return requested;
    }

    int guesses() {
        return missing.size() - requested;
    }

    /** A row that is known before the pass; null for none. */
    @Nullable
    EvaluatedRow known(TokenContext context) {
        EvaluatedRow known = given.get(context);
        return known == null ? rows.known(context) : known;
    }

    /** Adds those that are not known, at most so many. */
    void addGuesses(Collection<TokenContext> guesses, int most) {
        guesses.stream()
                .filter(context -> !missing.contains(context) && known(context) == null)
                .limit(most)
                .forEach(missing::add);
    }

    /**
     * Evaluates, unless all that is asked for is known.
     *
     * @return how long (ns) it took
     * @throws io.bytelm.lm.ModelException if it fails
     */
    long run(Function<List<TokenContext>, List<EvaluatedRow>> model, LongSupplier clockNanos) {
        if (requested == 0) {
            return 0;
        }
        List<TokenContext> contexts = List.copyOf(missing);
        long startNanos = clockNanos.getAsLong();
        List<EvaluatedRow> evaluated = model.apply(contexts);
        long tookNanos = clockNanos.getAsLong() - startNanos;
        for (int i = 0; i < contexts.size(); i++) {
            if (i < requested) {
                given.put(contexts.get(i), evaluated.get(i));
            } else {
                rows.keepGuessed(contexts.get(i), evaluated.get(i));
            }
        }
        return tookNanos;
    }

    /** One row for each that was asked for, after it has run. */
    List<EvaluatedRow> answers() {
        return asked.stream().map(given::get).toList();
    }
}
