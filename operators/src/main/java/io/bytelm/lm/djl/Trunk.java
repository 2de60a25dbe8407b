package io.bytelm.lm.djl;

import org.jspecify.annotations.Nullable;

/**
 * Tokens of a text, each after its parent, whose states lie in slots one after the other: attention reads them where they
 * are, once for all rows that go on from them (Juravsky et al., "Hydragen", 2024, and FlashInfer's cascades do it on GPUs).
 * Texts may fork anywhere in it. Confined to the engine's thread.
 */
final class Trunk {
    final CachedToken first;
    private int tokens;

    /** @param tokens how many, the first included; their slots follow the first one's */
    Trunk(CachedToken first, int tokens) {
        this.first = first;
        this.tokens = tokens;
    }

    /** The last token has been evicted. */
    void shorten() {
        tokens--;
    }

    int tokens() {
        return tokens;
    }

    boolean endsWith(CachedToken token) {
        return token.slot == first.slot + tokens - 1;
    }

    /** How many tokens it has up to one of its own, that one included. */
    int tokensTo(CachedToken token) {
        return token.slot - first.slot + 1;
    }

    /** The token before it. */
    @Nullable
    CachedToken before() {
        return first.parent;
    }
}
