package io.bytelm.lm.djl;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lays the states of a text's settled tokens one after the other, see {@link Trunk}: each evaluation to come reads all of them.
 * A trunk that is not longer than what follows it becomes one with that, so that a text of {@code n} tokens has at most
 * {@code log n} of them, and a token is moved as often. Confined to the engine's thread.
 */
final class TrunkGrowth {
    /** With fewer, to gather their states with the rest costs no more than to merge what they give with what the rest gives. */
    static final int LEAST_TOKENS = 512;

    /** So many tokens before the last one other tokenizations still begin. */
    private static final int UNSETTLED_TOKENS = 16;

    private final PrefixCache cache;
    private final Mover mover;
    private final int leastTokens;
    private long laidTokens;

    /** Copies states. */
    @FunctionalInterface
    interface Mover {
        /**
         * Copies them to slots that are one after the other.
         *
         * @param from other slots than these
         */
        void move(long[] from, int first);
    }

    /** @param leastTokens of what is laid together */
    TrunkGrowth(PrefixCache cache, Mover mover, int leastTokens) {
        this.cache = cache;
        this.mover = mover;
        this.leastTokens = leastTokens;
    }

    /** Of contexts whose states are all there. */
    void grow(List<CachedToken> contexts) {
        for (CachedToken context : contexts) {
            List<CachedToken> settled = settled(context);
            if (!settled.isEmpty() && !layTogether(settled)) {
                return; // no room, for others neither
            }
        }
    }

    /** What should become a trunk, each token after its parent; nothing if it is too little. */
    private List<CachedToken> settled(CachedToken context) {
        Deque<CachedToken> settled = new ArrayDeque<>();
        CachedToken at = context;
        for (int left = UNSETTLED_TOKENS; at != null && at.trunk == null && left > 0; left--) {
            at = at.parent;
        }
        for (; at != null && at.trunk == null; at = at.parent) {
            settled.addFirst(at);
        }
        if (settled.size() < leastTokens) {
            return List.of();
        }
        while (at != null && at.trunk != null && isOneWith(settled.size(), at, at.trunk)) {
            at = addAll(at.trunk, at, settled);
        }
        return List.copyOf(settled);
    }

    private static boolean isOneWith(int following, CachedToken end, Trunk trunk) {
        return trunk.endsWith(end) && trunk.tokens() <= following;
    }

    private static @Nullable CachedToken addAll(Trunk trunk, CachedToken end, Deque<CachedToken> settled) {
        for (CachedToken at = end; at != null && at.trunk == trunk; at = at.parent) {
            settled.addFirst(at);
        }
        return trunk.before();
    }

    private boolean layTogether(List<CachedToken> tokens) {
        if (!areNeighbours(tokens)) {
            int first = cache.takeNeighbours(tokens.size());
            if (first == FreeSlots.NONE) {
                return false;
            }
            mover.move(tokens.stream().mapToLong(token -> token.slot).toArray(), first);
            cache.moved(tokens, first);
        }
        Trunk trunk = new Trunk(tokens.get(0), tokens.size());
        tokens.forEach(token -> token.trunk = trunk);
        laidTokens += tokens.size();
        return true;
    }

    /** How many tokens have become part of a trunk so far, or of a longer one. */
    long laidTokens() {
        return laidTokens;
    }

    private static boolean areNeighbours(List<CachedToken> tokens) {
        int first = tokens.get(0).slot;
        for (int i = 1; i < tokens.size(); i++) {
            if (tokens.get(i).slot != first + i) {
                return false;
            }
        }
        return true;
    }
}
