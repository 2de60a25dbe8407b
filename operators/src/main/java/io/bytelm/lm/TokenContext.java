package io.bytelm.lm;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a model has read so far: an immutable list that grows at its end and shares its beginning with every
 * context that it was grown from.
 *
 * <p>A context may have let go of its oldest tokens ({@link #resuming}): it still knows how many they were, so that a
 * {@link ContextWindow} cuts it where it cuts the whole one, and a hash of them. Two contexts are equal when they have the
 * same length and the same hash and hold the same tokens, as far back as both hold any: a context that has let go equals
 * the whole one that it came from. Comparing takes at most as long as the shorter one holds tokens, the hash no time.
 */
public final class TokenContext {
    private static final int HASH_OF_NOTHING = 31 * 7;
    private static final int TOKENS_SHOWN = 32;

    private final @Nullable TokenContext parent;
    private final int token;
    private final int length;
    private final int hash;
    private final int olderTokens;

    private TokenContext(TokenContext parent, int token) {
        this(parent, token, parent.olderTokens, parent.length + 1, 31 * parent.hash + spread(token));
    }

    private TokenContext(@Nullable TokenContext parent, int token, int olderTokens, int length, int hash) {
        this.parent = parent;
        this.token = token;
        this.olderTokens = olderTokens;
        this.length = length;
        this.hash = hash;
    }

    private static int spread(int token) {
        return Integer.rotateLeft(token * 0x9E3779B9, 13);
    }

    /** The context of one token, usually BOS. */
    public static TokenContext startingWith(int token) {
        return new TokenContext(null, token, 0, 1, HASH_OF_NOTHING + spread(token));
    }

    /**
     * The context of tokens that are not held any more and one that is.
     *
     * @param olderTokens how many those are, at least 1
     * @param olderHash what {@link #hashBefore} said of the context that ends with {@code token}
     * @throws IllegalArgumentException if {@code olderTokens} is out of its range
     */
    public static TokenContext resuming(int olderTokens, int olderHash, int token) {
        if (olderTokens < 1 || olderTokens == Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a context cannot have let go of " + olderTokens + " tokens");
        }
        return new TokenContext(null, token, olderTokens, olderTokens + 1, olderHash + spread(token));
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
     * @param beginning null to hold no token but the last
     */
    public TokenContext grownFrom(@Nullable TokenContext beginning) {
        if (beginning == parent) {
            return this;
        }
        int older = beginning == null ? length - 1 : beginning.olderTokens;
        return new TokenContext(beginning, token, older, length, hash);
    }

    /** The context before {@link #lastToken()}; null if no token before it is held. */
    public @Nullable TokenContext parent() {
        return parent;
    }

    public int lastToken() {
        return token;
    }

    /** How many tokens the model has read, those among them that are not held any more. */
    public int length() {
        return length;
    }

    /** How many of the oldest tokens are not held any more. */
    public int olderTokens() {
        return olderTokens;
    }

    /** How many of the newest tokens are held: what a context costs that shares nothing with others. */
    public int heldTokens() {
        return length - olderTokens;
    }

    /** A hash of all tokens before {@link #lastToken}, for {@link #resuming}. */
    public int hashBefore() {
        return hash - spread(token);
    }

    /**
     * The context of the oldest {@code count} tokens; takes as long as there are tokens after them.
     *
     * @throws IllegalArgumentException if {@code count} is not in 1 .. {@link #length}, or so few are not held
     */
    public TokenContext first(int count) {
        if (count < 1 || count > length || count <= olderTokens) {
            throw new IllegalArgumentException("a context of " + length + " tokens, the oldest " + olderTokens
                    + " of which it does not hold, has no first " + count);
        }
        TokenContext at = this;
        while (at.length > count && at.parent != null) {
            at = at.parent;
        }
        return at;
    }

    /**
     * How many tokens both contexts begin with; takes as long as their ends differ. Tokens that one of them does not hold
     * count as shared if their hashes are equal.
     *
     * @return 0 if they differ in tokens that are not held
     */
    public int sharedLength(TokenContext other) {
        int shared = Math.min(length, other.length);
        if (shared <= Math.max(olderTokens, other.olderTokens)) {
            return 0; // no place at which both hold a token
        }
        TokenContext a = first(shared);
        TokenContext b = other.first(shared);
        while (a != b) {
            if (a.token != b.token) {
                shared = a.length - 1;
            }
            if (a.parent == null || b.parent == null) {
                return a.hashBefore() == b.hashBefore() ? shared : 0;
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

    /**
     * All tokens, oldest first.
     *
     * @throws IllegalStateException if some are not held any more
     */
    public int[] tokens() {
        return lastTokens(length);
    }

    /**
     * The newest {@code count} tokens (or all, if there are fewer), oldest first.
     *
     * @throws IllegalStateException if some of them are not held any more
     */
    public int[] lastTokens(int count) {
        int[] tokens = new int[Math.min(count, length)];
        if (tokens.length > heldTokens()) {
            throw new IllegalStateException("of a context of " + length + " tokens only the newest " + heldTokens()
                    + " are kept, but " + tokens.length + " are to be read: it was kept for a model that reads fewer");
        }
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
            if (a.token != b.token) {
                return false;
            }
            if (a.parent == null || b.parent == null) {
                return a.hash == b.hash; // that is, the tokens before have the same hash
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

    /** The newest tokens: a context can be millions of tokens long. */
    @Override
    public String toString() {
        int shown = Math.min(heldTokens(), TOKENS_SHOWN);
        String newest = Arrays.toString(lastTokens(shown));
        return shown == length ? newest : "[" + (length - shown) + " tokens, then " + newest.substring(1);
    }
}
