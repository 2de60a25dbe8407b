package io.bytelm.lm.djl;

import io.bytelm.lm.TokenContext;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Which contexts have their states in which slot: a tree of tokens in which contexts share their beginnings. A fork adds
 * one token and copies nothing. At the limit, the leaves that were not used for longest go first; what the current pass
 * uses stays.
 *
 * <p>It holds contexts of its own, each prefix once: the contexts that it is asked for come with every record anew, and one
 * held here would keep all tokens before it alive a second time.
 */
final class PrefixCache {
    /** Of the heap for a cached token: its context, itself and its entry (32 + 40 + 48). */
    static final long BYTES_PER_TOKEN = 128;

    private final Map<TokenContext, CachedToken> tokens = new HashMap<>();
    private final FreeSlots freeSlots;
    private final int slots;
    private final int limit;
    private long pass;
    private long evictedTokens;

    /**
     * @param slots how many there are
     * @param limit how many tokens are kept, at most {@code slots}
     */
    PrefixCache(int slots, int limit) {
        this.freeSlots = new FreeSlots(slots);
        this.slots = slots;
        this.limit = limit;
    }

    /** Begins a pass: whatever is reached from now on stays until the next pass begins. */
    void beginPass() {
        pass++;
    }

    /**
     * Finds a context, adding the tokens that are missing.
     *
     * @param added receives the added tokens, each after its parent; their states are still to be computed
     * @return null if the pass uses the whole limit already; what was added before stays added
     */
    @Nullable
    CachedToken reach(TokenContext context, List<CachedToken> added) {
        return reach(context, added, limit);
    }

    /**
     * Finds a context as the first of a pass: beyond the limit if it is longer.
     *
     * @return null if it is longer than there are slots
     */
    @Nullable
    CachedToken reachFirst(TokenContext context, List<CachedToken> added) {
        return reach(context, added, slots);
    }

    private @Nullable CachedToken reach(TokenContext context, List<CachedToken> added, int most) {
        Deque<TokenContext> missing = new ArrayDeque<>();
        CachedToken reached = null;
        TokenContext at = context;
        while (at != null && (reached = tokens.get(at)) == null) {
            missing.push(at);
            at = at.parent();
        }
        if (reached != null) {
            reached.lastUse = pass;
        }
        boolean mayEvict = true;
        for (TokenContext next : missing) {
            if (mayEvict && tokens.size() >= limit) {
                evict();
                mayEvict = tokens.size() < limit; // else this pass uses all that is left
            }
            if (tokens.size() >= most) {
                return null;
            }
            reached = add(next, reached);
            added.add(reached);
        }
        return reached;
    }

    private CachedToken add(TokenContext asked, @Nullable CachedToken parent) {
        TokenContext own = asked.grownFrom(parent == null ? null : parent.context);
        CachedToken token = new CachedToken(own, parent, freeSlots.take(), pass);
        if (parent != null) {
            parent.children++;
        }
        tokens.put(own, token);
        return token;
    }

    /** Goes a sixteenth below the limit if it can, so that the search for old leaves is rare. */
    private void evict() {
        PriorityQueue<CachedToken> oldest = new PriorityQueue<>(Comparator.comparingLong(token -> token.lastUse));
        for (CachedToken token : tokens.values()) {
            if (token.children == 0 && token.lastUse < pass) {
                oldest.add(token);
            }
        }
        int kept = Math.min(limit - 1, limit - limit / 16);
        while (tokens.size() > kept && !oldest.isEmpty()) {
            CachedToken evicted = oldest.remove();
            CachedToken parent = remove(evicted);
            evictedTokens++;
            if (parent != null && parent.children == 0 && parent.lastUse < pass) {
                oldest.add(parent);
            }
        }
    }

    /** Removes a leaf; its parent was used as late as it was. */
    private @Nullable CachedToken remove(CachedToken leaf) {
        tokens.remove(leaf.context);
        freeSlots.free(leaf.slot);
        if (leaf.trunk != null) {
            leaf.trunk.shorten();
        }
        CachedToken parent = leaf.parent;
        if (parent != null) {
            parent.children--;
            parent.lastUse = Math.max(parent.lastUse, leaf.lastUse);
        }
        return parent;
    }

    /** Forgets everything. */
    void clear() {
        tokens.clear();
        freeSlots.freeAll();
    }

    /**
     * Takes slots that lie one after the other, for {@link #moved}.
     *
     * @return the first; {@link FreeSlots#NONE} if there are not so many
     */
    int takeNeighbours(int count) {
        return freeSlots.takeNeighbours(count);
    }

    /** The states of tokens have been copied to slots from {@code first} on. */
    void moved(List<CachedToken> tokensInOrder, int first) {
        for (int i = 0; i < tokensInOrder.size(); i++) {
            CachedToken token = tokensInOrder.get(i);
            freeSlots.free(token.slot);
            token.slot = first + i;
        }
    }

    /** How many tokens are cached now. */
    int size() {
        return tokens.size();
    }

    /** How many tokens had to make room for others so far. */
    long evictedTokens() {
        return evictedTokens;
    }

    /** How many slots have memory: those below the highest that was ever used. */
    int usedSlots() {
        return freeSlots.used();
    }

    /** How many are kept. */
    int limit() {
        return limit;
    }
}
