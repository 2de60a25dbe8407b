package io.bytelm.lm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a model has read so far: an immutable list that grows at its end and shares its beginning with every
 * context that it was grown from. Two contexts are equal when they hold the same tokens.
 */
public final class TokenContext {
    private final @Nullable TokenContext parent;
    private final int token;
    private final int length;
    private final int hash;

    private TokenContext(@Nullable TokenContext parent, int token) {
        this.parent = parent;
        this.token = token;
        this.length = parent == null ? 1 : parent.length + 1;
        this.hash = 31 * (parent == null ? 7 : parent.hash) + Integer.rotateLeft(token * 0x9E3779B9, 13);
    }

    /** The context of one token, usually BOS. */
    public static TokenContext startingWith(int token) {
        return new TokenContext(null, token);
    }

    /**
     * The context of these tokens.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static TokenContext of(int... tokens) {
        if (tokens.length == 0) {
            throw new IllegalArgumentException("a context holds at least one token");
        }
        TokenContext context = startingWith(tokens[0]);
        for (int i = 1; i < tokens.length; i++) {
            context = context.plus(tokens[i]);
        }
        return context;
    }

    /** This context and one more token. */
    public TokenContext plus(int nextToken) {
        return new TokenContext(this, nextToken);
    }

    /**
     * The same context, holding an instance of its beginning that is equal to {@link #parent} and held already, so that the
     * tokens before its last are not held twice.
     *
     * @param beginning null for a context of one token
     */
    public TokenContext grownFrom(@Nullable TokenContext beginning) {
        if (beginning == parent) {
            return this;
        }
        return new TokenContext(beginning, token);
    }

    /** The context before {@link #lastToken()}; null for a context of one token. */
    public @Nullable TokenContext parent() {
        return parent;
    }

    public int lastToken() {
        return token;
    }

    public int length() {
        return length;
    }

    /**
     * The context of the oldest {@code count} tokens; takes as long as there are tokens after them.
     *
     * @throws IllegalArgumentException if {@code count} is not in 1 .. {@link #length}
     */
    public TokenContext first(int count) {
        if (count < 1 || count > length) {
            throw new IllegalArgumentException("a context of " + length + " tokens has no first " + count);
        }
        TokenContext at = this;
        while (at.length > count && at.parent != null) {
            at = at.parent;
        }
        return at;
    }

    /** How many tokens both contexts begin with; takes as long as their ends differ. */
    public int sharedLength(TokenContext other) {
        int shared = Math.min(length, other.length);
        @Nullable TokenContext a = first(shared);
        @Nullable TokenContext b = other.first(shared);
        while (a != null && b != null && a != b) {
            if (a.token != b.token) {
                shared = a.length - 1;
            }
            a = a.parent;
            b = b.parent;
        }
        return shared;
    }

    /** How many tokens all of these contexts begin with; 0 if there are none. */
    public static int sharedLength(List<TokenContext> contexts) {
        return contexts.stream()
                .mapToInt(context -> context.sharedLength(contexts.get(0)))
                .min()
                .orElse(0);
    }

    /** All tokens, oldest first. */
    public int[] tokens() {
        return lastTokens(length);
    }

    /** The newest {@code count} tokens (or all, if there are fewer), oldest first. */
    public int[] lastTokens(int count) {
        int[] tokens = new int[Math.min(count, length)];
        TokenContext at = this;
        for (int i = tokens.length - 1; i >= 0 && at != null; i--) {
            tokens[i] = at.token;
            at = at.parent;
        }
        return tokens;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof TokenContext that) || hash != that.hash || length != that.length) {
            return false;
        }
        TokenContext a = this;
        TokenContext b = that;
        while (a != b) { // shared beginnings end the walk early
            if (a == null || b == null || a.token != b.token) {
                return false;
            }
            a = a.parent;
            b = b.parent;
        }
        return true;
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return java.util.Arrays.toString(tokens());
    }
}
