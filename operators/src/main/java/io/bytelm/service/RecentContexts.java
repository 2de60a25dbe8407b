package io.bytelm.service;

import io.bytelm.lm.TokenContext;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Which contexts were evaluated lately: of each the tokens that grew from it. By their fingerprints, as {@link
 * CanonicalContexts} does, so that it holds no context, however long. Confined to one thread.
 */
final class RecentContexts {
    private static final int MAX_PARENTS = 4096;

    /** Of one context; a beam that keeps everything asks for more, one that prunes for a few. */
    private static final int MAX_GROWN = 64;

    private final Map<Long, Set<Integer>> grownFrom = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Set<Integer>> eldest) {
            return size() > MAX_PARENTS;
        }
    };

    /** A context was evaluated, or is now. */
    void add(TokenContext context) {
        TokenContext parent = context.parent();
        if (parent == null) {
            return;
        }
        Set<Integer> tokens =
                grownFrom.computeIfAbsent(CanonicalContexts.fingerprint(parent), key -> new LinkedHashSet<>());
        if (tokens.size() < MAX_GROWN) {
            tokens.add(context.lastToken());
        }
    }

    /** The last tokens of those that grew from a context. */
    List<Integer> grownFrom(TokenContext context) {
        return List.copyOf(
                Objects.requireNonNullElse(grownFrom.get(CanonicalContexts.fingerprint(context)), Set.<Integer>of()));
    }
}
