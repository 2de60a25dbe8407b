package io.bytelm.session;

import io.bytelm.lm.TokenContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts contexts on another beginning; what they share beyond it, they share again. */
final class ContextGraft {
    private final int dropped;
    private final @Nullable TokenContext beginning;
    private final Map<TokenContext, TokenContext> moved = new IdentityHashMap<>();

    /**
     * @param dropped how many of a context's oldest tokens fall away
     * @param beginning what comes in their place; null for nothing
     */
    ContextGraft(int dropped, @Nullable TokenContext beginning) {
        this.dropped = dropped;
        this.beginning = beginning;
    }

    /** @param context longer than what falls away */
    TokenContext moved(TokenContext context) {
        Deque<TokenContext> toCome = new ArrayDeque<>();
        TokenContext at = context;
        while (at != null && at.length() > dropped && !moved.containsKey(at)) {
            toCome.push(at);
            at = at.parent();
        }
        TokenContext base = at == null || at.length() <= dropped ? beginning : moved.get(at);
        for (TokenContext next : toCome) {
            base = base == null ? TokenContext.startingWith(next.lastToken()) : base.plus(next.lastToken());
            moved.put(next, base);
        }
        return Objects.requireNonNull(base, "a context keeps at least one token");
    }
}
