package io.bytelm.canonical;

import io.bytelm.lm.TokenContext;
import io.bytelm.lm.canonical.Head;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The contexts of all heads, and those before them that have to be evaluated before the heads can be weighed. Immutable.
 */
record Openings(Map<TokenContext, Opening> byContext) {
    static Openings of(Opening root) {
        return new Openings(Map.of(root.context(), root));
    }

    Opening of(Head head) {
        return of(head.context());
    }

    Opening of(TokenContext context) {
        return Objects.requireNonNull(byContext.get(context));
    }

    /**
     * Those that these heads need: their contexts, and what those that are not weighed yet wait for.
     *
     * @param length how many bytes have been read
     */
    Openings neededBy(List<Head> heads, long length, Vocabulary vocabulary) {
        Map<TokenContext, Opening> needed = new HashMap<>();
        for (Head head : heads) {
            TokenContext context = head.context();
            long at = length - head.open();
            while (context != null && !needed.containsKey(context)) {
                Opening known = byContext.get(context);
                Opening opening =
                        known == null ? Opening.waiting(context, at, Objects.requireNonNull(context.parent())) : known;
                needed.put(context, opening);
                at -= vocabulary.bytes(context.lastToken()).length;
                context = opening.parent();
            }
        }
        return new Openings(needed).weighed(byContext);
    }

    /** Weighs what follows a context that has been weighed and evaluated, the shortest contexts first. */
    private Openings weighed(Map<TokenContext, Opening> parents) {
        List<Opening> waiting = new ArrayList<>();
        for (Opening opening : byContext.values()) {
            if (opening.parent() != null) {
                waiting.add(opening);
            }
        }
        if (waiting.isEmpty()) {
            return this;
        }
        waiting.sort(Comparator.comparingInt(opening -> opening.context().length()));
        Map<TokenContext, Opening> weighed = new HashMap<>(byContext);
        for (Opening opening : waiting) {
            Opening here = weighed.get(opening.parent());
            Opening parent = here == null ? parents.get(opening.parent()) : here;
            if (parent != null) {
                weighed.put(opening.context(), weighed(opening, parent));
            }
        }
        return new Openings(weighed);
    }

    private static Opening weighed(Opening opening, Opening parent) {
        int length = (int) (opening.at() - parent.at());
        Masses masses = parent.masses();
        return masses == null || !parent.isWeighed() || !masses.cover(length)
                ? opening
                : opening.weighing(parent.logWeight()
                        + masses.logMass(length, opening.context().lastToken()));
    }

    /** The same, some of them evaluated. */
    Openings with(List<Opening> evaluated) {
        Map<TokenContext, Opening> changed = new HashMap<>(byContext);
        evaluated.forEach(opening -> changed.put(opening.context(), opening));
        return new Openings(changed).weighed(changed);
    }

    /** What an opening waits for; null if it is weighed. */
    @Nullable
    Opening parentOf(Opening opening) {
        return opening.parent() == null ? null : of(opening.parent());
    }

    /** The context that has to be evaluated first so that this one can be weighed and evaluated. */
    Opening firstDue(Opening opening) {
        Opening at = opening;
        while (!at.isWeighed()) {
            at = of(Objects.requireNonNull(at.parent()));
        }
        return at;
    }

    /** Where the oldest of them begins. */
    long oldest() {
        long oldest = Long.MAX_VALUE;
        for (Opening opening : byContext.values()) {
            oldest = Math.min(oldest, opening.at());
        }
        return oldest;
    }

    /** The same shares of a total that is 1 from now on. */
    Openings dividedBy(double logTotal) {
        Map<TokenContext, Opening> divided = new HashMap<>(byContext);
        divided.replaceAll(
                (context, opening) -> opening.isWeighed() ? opening.weighing(opening.logWeight() - logTotal) : opening);
        return new Openings(divided);
    }

    /** All contexts. */
    List<TokenContext> contexts() {
        return new ArrayList<>(byContext.keySet());
    }

    /** Those after which no token is open yet have to be asked about again. */
    Openings askingAgainAt(long length) {
        Map<TokenContext, Opening> asking = new HashMap<>(byContext);
        asking.replaceAll((context, opening) -> opening.at() == length ? opening.forgettingMasses() : opening);
        return new Openings(asking);
    }

    /** All of them have to be asked about again. */
    Openings askingAgain() {
        Map<TokenContext, Opening> asking = new HashMap<>(byContext);
        asking.replaceAll((context, opening) -> opening.forgettingMasses());
        return new Openings(asking);
    }

    /** The longest context (tokens) that has been evaluated; 0 if none has. */
    int longestEvaluated() {
        return byContext.values().stream()
                .filter(opening -> opening.masses() != null)
                .mapToInt(opening -> opening.context().length())
                .max()
                .orElse(0);
    }
}
