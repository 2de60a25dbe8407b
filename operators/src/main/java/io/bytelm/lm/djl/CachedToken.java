package io.bytelm.lm.djl;

import io.bytelm.lm.TokenContext;
import org.jspecify.annotations.Nullable;

/**
 * One token of the prefix cache: the last token of its context, whose keys, values and final state lie in a slot. All
 * tokens before it are cached too.
 */
final class CachedToken {
    final TokenContext context;
    final @Nullable CachedToken parent;
    final int slot;
    int children;
    long lastUse;

    CachedToken(TokenContext context, @Nullable CachedToken parent, int slot, long lastUse) {
        this.context = context;
        this.parent = parent;
        this.slot = slot;
        this.lastUse = lastUse;
    }

    /** Tokens up to and including this one. */
    int length() {
        return context.length();
    }

    int position() {
        return context.length() - 1;
    }
}
