package io.bytelm.canonical;

import io.bytelm.lm.TokenContext;
import io.bytelm.lm.canonical.Head;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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

    /** Those that these heads need; heads that have just closed a token open a new one. */
    Openings neededBy(List<Head> heads, long at) {
        Map<TokenContext, Opening> needed = new HashMap<>();
        for (Head head : heads) {
            Opening opening = byContext.get(head.context());
            if (opening == null) {
                TokenContext parent = Objects.requireNonNull(head.context().parent());
                opening = Opening.waiting(head.context(), at, parent);
            }
            while (opening != null && needed.putIfAbsent(opening.context(), opening) == null) {
                opening = opening.parent() == null ? null : byContext.get(opening.parent());
            }
        }
        return new Openings(needed).weighed(byContext);
    }

    /** Weighs what follows a context that has been evaluated. */
    private Openings weighed(Map<TokenContext, Opening> parents) {
        Map<TokenContext, Opening> weighed = new HashMap<>(byContext);
        weighed.replaceAll((context, opening) -> {
            Opening parent = opening.parent() == null ? null : parents.get(opening.parent());
            int length = parent == null ? 0 : (int) (opening.at() - parent.at());
            if (parent == null || parent.masses() == null || !parent.masses().cover(length)) {
                return opening;
            }
            return opening.weighing(parent.logWeight() + parent.masses().logMass(length, context.lastToken()));
        });
        return new Openings(weighed);
    }

    /** The same, some of them evaluated. */
    Openings with(List<Opening> evaluated) {
        Map<TokenContext, Opening> changed = new HashMap<>(byContext);
        evaluated.forEach(opening -> changed.put(opening.context(), opening));
        return new Openings(changed).weighed(changed);
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
        return byContext.values().stream().mapToLong(Opening::at).min().orElse(Long.MAX_VALUE);
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

    Openings withoutMasses() {
        Map<TokenContext, Opening> without = new HashMap<>(byContext);
        without.replaceAll((context, opening) -> opening.with(null));
        return new Openings(without);
    }
}
