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

    /** Where its states lie; {@link TrunkGrowth} moves them. */
    int slot;

    /** That it is part of; null for none. */
    @Nullable
    Trunk trunk;

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
