package io.bytelm.session;

import io.bytelm.lm.TokenContext;
import io.bytelm.record.SettledTokens;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The part of a session's settled tokens that the model still reads, as runs of a new list with numbers of its own. First
 * comes {@link #keep} for each context, then {@link #number} for each. A context that does not reach back to its beginning
 * keeps the number of its older tokens, because the place where the model's window cuts depends on it.
 */
final class NewestTokens {
    private final long contextTokens;
    private final Set<TokenContext> kept = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<TokenContext, Integer> numbers = new IdentityHashMap<>();
    private final List<SettledTokens> runs = new ArrayList<>();

    /** @param contextTokens how many of a context's newest tokens the model reads */
    NewestTokens(long contextTokens) {
        this.contextTokens = contextTokens;
    }

    /**
     * Keeps what the model reads of a context, and in any case the token that the context goes on from.
     *
     * @param settled the part of the context that has settled; null for none
     * @param length of the whole context
     */
    void keep(@Nullable TokenContext settled, int length) {
        long before = length - contextTokens;
        TokenContext at = settled;
        while (at != null && (at == settled || at.length() > before)) {
            kept.add(at);
            at = at.parent();
        }
    }

    /** Numbers what is kept of a context, unless it was numbered with another one. */
    void number(@Nullable TokenContext settled) {
        Deque<TokenContext> fresh = new ArrayDeque<>();
        TokenContext at = settled;
        while (at != null && kept.contains(at) && !numbers.containsKey(at)) {
            fresh.push(at);
            at = at.parent();
        }
        if (fresh.isEmpty()) {
            return;
        }
        int[] tokens = fresh.stream().mapToInt(TokenContext::lastToken).toArray();
        TokenContext first = fresh.getFirst();
        int follows = at == null ? 0 : numbers.getOrDefault(at, 0);
        int older = follows == 0 ? first.length() - 1 : 0;
        runs.add(new SettledTokens(follows, older, older == 0 ? 0 : first.hashBefore(), tokens));
        fresh.forEach(node -> numbers.put(node, numbers.size() + 1));
    }

    /** How many tokens are kept; known once all are numbered. */
    int size() {
        return numbers.size();
    }

    /** The number of each token, the context that ends with it. */
    Map<TokenContext, Integer> numbers() {
        return numbers;
    }

    List<SettledTokens> runs() {
        return runs;
    }
}
