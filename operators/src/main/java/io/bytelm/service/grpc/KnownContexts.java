package io.bytelm.service.grpc;

import io.bytelm.lm.TokenContext;
import io.bytelm.service.grpc.proto.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The contexts that one stream's client may call by a handle. Bounded in their number; each holds no more than twice the
 * tokens that the model reads, and shares them with those that it was grown from. Confined to one call at a time.
 */
final class KnownContexts {
    private final int vocabularySize;
    private final int maxTokens;
    private final LinkedHashMap<Long, TokenContext> byHandle;

    /**
     * @param maxHandles the most that are remembered
     * @param maxTokens the most tokens of a context that the model reads, and that a client may send
     */
    KnownContexts(int vocabularySize, int maxHandles, int maxTokens) {
        this.vocabularySize = vocabularySize;
        this.maxTokens = maxTokens;
        this.byHandle = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, TokenContext> eldest) {
                return size() > maxHandles;
            }
        };
    }

    /**
     * What a message means.
     *
     * @return null if its parent is not known
     * @throws MalformedMessageException if it is no context
     */
    @Nullable
    TokenContext read(Context message) throws MalformedMessageException {
        if (message.getTokensCount() > maxTokens) {
            throw new MalformedMessageException("a context of " + message.getTokensCount() + " tokens, but the model"
                    + " reads " + maxTokens + ": send the newest of them, and how many are older");
        }
        TokenContext context = message.getParent() == 0 ? null : byHandle.get(message.getParent());
        if (message.getParent() != 0 && context == null) {
            return null;
        }
        for (int i = 0; i < message.getTokensCount(); i++) {
            int token = requireToken(message.getTokens(i));
            context = context == null ? first(message, token) : context.plus(token);
        }
        if (context == null) {
            throw new MalformedMessageException("a context without tokens: it begins with BOS at least");
        }
        TokenContext kept = context.heldTokens() > 2L * maxTokens ? newest(context) : context;
        if (message.getHandle() != 0) {
            byHandle.put(message.getHandle(), kept);
        }
        return kept;
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
