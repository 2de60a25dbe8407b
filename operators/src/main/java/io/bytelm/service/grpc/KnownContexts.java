package io.bytelm.service.grpc;

import io.bytelm.lm.TokenContext;
import io.bytelm.service.grpc.proto.Context;
import java.util.Iterator;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The contexts that one stream's client may call by a handle; what was used least recently is forgotten. Bounded in their
 * number and in the tokens that they hold, those that contexts share counted once, so that a client cannot fill the server's
 * memory whatever it sends. Confined to one call at a time.
 */
final class KnownContexts {
    /** The most tokens (some 40 bytes each) that a stream's contexts hold, unless one alone has more. */
    static final int MOST_HELD_TOKENS = 1 << 20;

    private final int vocabularySize;
    private final int maxHandles;
    private final int maxTokens;
    private final long maxHeldTokens;
    private final LinkedHashMap<Long, Known> byHandle = new LinkedHashMap<>(16, 0.75f, true);
    private long heldTokens;

    private record Known(TokenContext context, Piece piece) {}

    /** Tokens that came with one message, after those of another. Held while a handle or a later piece needs them. */
    private static final class Piece {
        final @Nullable Piece before;
        final int tokens;
        int holders;

        /** Not held yet. */
        Piece(@Nullable Piece before, int tokens) {
            this.before = before;
            this.tokens = tokens;
        }
    }

    /**
     * @param maxHandles the most that are remembered
     * @param maxTokens the most tokens of a context that the model reads; of one with more than twice as many only so many
     *     are kept, the newest
     * @param maxHeldTokens the most tokens of all contexts, unless one alone has more
     */
    KnownContexts(int vocabularySize, int maxHandles, int maxTokens, long maxHeldTokens) {
        this.vocabularySize = vocabularySize;
        this.maxHandles = maxHandles;
        this.maxTokens = maxTokens;
        this.maxHeldTokens = maxHeldTokens;
    }

    /** How many tokens are held in memory. */
    long heldTokens() {
        return heldTokens;
    }

    /**
     * What a message means.
     *
     * @return null if its parent is not known
     * @throws MalformedMessageException if it is no context
     */
    @Nullable
    TokenContext read(Context message) throws MalformedMessageException {
        Known parent = message.getParent() == 0 ? null : byHandle.get(message.getParent());
        if (message.getParent() != 0 && parent == null) {
            return null;
        }
        TokenContext context = parent == null ? null : parent.context();
        for (int i = 0; i < message.getTokensCount(); i++) {
            int token = requireToken(message.getTokens(i));
            context = context == null ? first(message, token) : context.plus(token);
        }
        if (context == null) {
            throw new MalformedMessageException("a context without tokens: it begins with BOS at least");
        }
        boolean isCut = context.heldTokens() > 2L * maxTokens;
        TokenContext kept = isCut ? newest(context) : context;
        if (message.getHandle() != 0) {
            remember(message.getHandle(), new Known(kept, piece(message, kept, isCut ? null : parent)));
        }
        return kept;
    }

    private static Piece piece(Context message, TokenContext context, @Nullable Known parent) {
        if (parent == null) {
            return new Piece(null, context.heldTokens());
        }
        return message.getTokensCount() == 0 ? parent.piece() : new Piece(parent.piece(), message.getTokensCount());
    }

    private void remember(long handle, Known known) {
        hold(known.piece());
        Known former = byHandle.put(handle, known);
        if (former != null) {
            letGo(former.piece());
        }
        Iterator<Known> leastRecentlyUsed = byHandle.values().iterator();
        while (byHandle.size() > 1 && (byHandle.size() > maxHandles || heldTokens > maxHeldTokens)) {
            Known eldest = leastRecentlyUsed.next();
            leastRecentlyUsed.remove();
            letGo(eldest.piece());
        }
    }

    private void hold(Piece piece) {
        piece.holders++;
        if (piece.holders == 1) {
            heldTokens += piece.tokens;
            if (piece.before != null) {
                piece.before.holders++;
            }
        }
    }

    private void letGo(Piece released) {
        Piece piece = released;
        while (piece != null && --piece.holders == 0) {
            heldTokens -= piece.tokens;
            piece = piece.before;
        }
    }

    private static TokenContext first(Context message, int token) throws MalformedMessageException {
        int older = message.getOlderTokens();
        if (older == 0) {
            return TokenContext.startingWith(token);
        }
        if (older < 0 || older > Integer.MAX_VALUE / 2) {
            throw new MalformedMessageException(
                    "a context with " + Integer.toUnsignedString(older) + " older tokens; 2^30 are the most");
        }
        return TokenContext.resuming(older, message.getOlderHash(), token);
    }

    private int requireToken(int token) throws MalformedMessageException {
        if (token < 0 || token >= vocabularySize) {
            throw new MalformedMessageException("token " + Integer.toUnsignedString(token)
                    + " is not an id of a vocabulary of " + vocabularySize + " tokens");
        }
        return token;
    }

    private TokenContext newest(TokenContext context) {
        int older = context.length() - maxTokens;
        TokenContext oldest = context.first(older + 1);
        int[] tokens = context.lastTokens(maxTokens);
        TokenContext newest = TokenContext.resuming(older, oldest.hashBefore(), tokens[0]);
        for (int i = 1; i < tokens.length; i++) {
            newest = newest.plus(tokens[i]);
        }
        return newest;
    }
}
