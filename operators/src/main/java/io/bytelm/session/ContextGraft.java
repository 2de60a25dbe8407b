package io.bytelm.session;

import io.bytelm.lm.TokenContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts contexts on other beginnings; what they share beyond those, they share again. */
final class ContextGraft {
    private final @Nullable TokenContext start;
    private final Map<TokenContext, @Nullable TokenContext> moved = new IdentityHashMap<>();

    /** @param start what contexts begin with that have none of the beginnings to replace; null for nothing */
    ContextGraft(@Nullable TokenContext start) {
        this.start = start;
    }

    /** @param by what comes in the place of {@code beginning}; null for nothing */
    void replace(TokenContext beginning, @Nullable TokenContext by) {
        moved.put(beginning, by);
    }

    List<TokenContext> moved(List<TokenContext> contexts) {
        return contexts.stream().map(this::moved).toList();
    }

    private TokenContext moved(TokenContext context) {
        Deque<TokenContext> toCome = new ArrayDeque<>();
        TokenContext at = context;
        while (at != null && !moved.containsKey(at)) {
            toCome.push(at);
            at = at.parent();
        }
        TokenContext grown = at == null ? start : moved.get(at);
        for (TokenContext next : toCome) {
            grown = grown == null ? TokenContext.startingWith(next.lastToken()) : grown.plus(next.lastToken());
            moved.put(next, grown);
        }
        return Objects.requireNonNull(grown, "a context holds at least one token");
    }
}
