package io.bytelm.service;

import io.bytelm.lm.TokenContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes contexts that are kept for long share the tokens that they begin with. */
final class KeptBeginnings {
    /** A beam asks for the contexts of a token after those of the token before; some are healed from further back. */
    private static final int MAX_TOKENS_BACK = 32;

    /** A context shares its beginning with others at best, but keeps this much (bytes) alive a token at worst. */
    private static final long BYTES_PER_TOKEN = 32;

    private KeptBeginnings() {}

    /** The most memory (bytes) that a context keeps alive. */
    static long bytes(TokenContext context) {
        return BYTES_PER_TOKEN * context.heldTokens();
    }

    /**
     * A context that equals this one and is built on one that is kept, if one of its last beginnings is: a context comes
     * with every record anew.
     *
     * @param kept the instance that is kept of a context, null if none is
     */
    static TokenContext on(TokenContext context, Function<TokenContext, @Nullable TokenContext> kept) {
        Deque<TokenContext> grown = new ArrayDeque<>();
        TokenContext own = null;
        TokenContext at = context;
        while (at != null && grown.size() < MAX_TOKENS_BACK && (own = kept.apply(at)) == null) {
            grown.push(at);
            at = at.parent();
        }
        if (own == null) {
            return context;
        }
        for (TokenContext next : grown) {
            own = next.grownFrom(own);
        }
        return own;
    }
}
