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
 * one token and copies nothing. When slots run out, the leaves that were not used for longest go first; what the current
 * pass uses stays.
 */
final class PrefixCache {
    private final Map<TokenContext, CachedToken> tokens = new HashMap<>();
    private final int[] freeSlots;
    private int freeCount;
    private long pass;

    PrefixCache(int slots) {
        this.freeSlots = new int[slots];
        clear();
    }

    /** Begins a pass: whatever is reached from now on stays until the next pass begins. */
    void beginPass() {
        pass++;
    }

    /**
     * Finds a context, adding the tokens that are missing.
     *
     * @param added receives the added tokens, each after its parent; their states are still to be computed
     * @return null if the pass uses all slots already; what was added before stays added
     */
    @Nullable
    CachedToken reach(TokenContext context, List<CachedToken> added) {
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
        for (TokenContext next : missing) {
            if (freeCount == 0 && !evict()) {
                return null;
            }
            reached = add(next, reached);
            added.add(reached);
        }
        return reached;
    }

    private CachedToken add(TokenContext context, @Nullable CachedToken parent) {
        CachedToken token = new CachedToken(context, parent, freeSlots[--freeCount], pass);
        if (parent != null) {
            parent.children++;
        }
        tokens.put(context, token);
        return token;
    }

    /** Frees a sixteenth of the slots at once, so that the search for old leaves is rare. */
    private boolean evict() {
        PriorityQueue<CachedToken> oldest = new PriorityQueue<>(Comparator.comparingLong(token -> token.lastUse));
        for (CachedToken token : tokens.values()) {
            if (token.children == 0 && token.lastUse < pass) {
                oldest.add(token);
            }
        }
        int wanted = Math.max(1, freeSlots.length / 16);
        while (freeCount < wanted && !oldest.isEmpty()) {
            CachedToken evicted = oldest.remove();
            CachedToken parent = remove(evicted);
            if (parent != null && parent.children == 0 && parent.lastUse < pass) {
                oldest.add(parent);
            }
        }
        return freeCount > 0;
    }

    /** Removes a leaf; its parent was used as late as it was. */
    private @Nullable CachedToken remove(CachedToken leaf) {
        tokens.remove(leaf.context);
        freeSlots[freeCount++] = leaf.slot;
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
        freeCount = freeSlots.length;
        for (int i = 0; i < freeCount; i++) {
            freeSlots[i] = freeCount - 1 - i; // the lowest slot is handed out first
        }
    }

    /** How many tokens are cached now. */
    int size() {
        return tokens.size();
    }

    /** How many can be. */
    int slots() {
        return freeSlots.length;
    }
}
