package io.bytelm.service.grpc;

import io.bytelm.lm.TokenContext;
import io.bytelm.service.grpc.proto.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The contexts that one stream's server knows by a handle, as far as its client can tell: a context is sent as what it has
 * beyond the longest of its beginnings that is known. Confined to the thread that writes the stream.
 *
 * <p>Both sides forget what was used least recently, and count uses alike, so the server has hardly ever forgotten what is
 * remembered here. Where it has, it says so, and the context is sent in full.
 */
final class SentContexts {
    /** A context that begins with none of the newest of these is sent in full: the walk back costs more than the tokens. */
    private static final int MAX_TOKENS_BACK = 64;

    private final long contextTokens;
    private final LinkedHashMap<TokenContext, Long> handles;
    private long lastHandle;

    /**
     * @param maxHandles how many the server remembers
     * @param contextTokens how many tokens of a context count
     */
    SentContexts(int maxHandles, long contextTokens) {
        this.contextTokens = contextTokens;
        this.handles = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<TokenContext, Long> eldest) {
                return size() > maxHandles;
            }
        };
    }

    /** Forgets a context that the server does not know any more. */
    void forget(TokenContext context) {
        for (TokenContext at = context; at != null; at = parentWithin(context, at)) {
            handles.remove(at);
        }
    }

    /** As it is to be sent now. */
    Context send(TokenContext context) {
        TokenContext known = context;
        Long parent = handles.get(known);
        while (parent == null) {
            known = parentWithin(context, known);
            if (known == null) {
                return inFull(context);
            }
            parent = handles.get(known);
        }
        Context.Builder message = Context.newBuilder().setParent(parent);
        addTokens(message, context, context.length() - known.length());
        return message.setHandle(handleOf(context)).build();
    }

    private static @Nullable TokenContext parentWithin(TokenContext context, TokenContext at) {
        return context.length() - at.length() >= MAX_TOKENS_BACK ? null : at.parent();
    }

    private Context inFull(TokenContext context) {
        int count = (int) Math.min(context.heldTokens(), contextTokens);
        Context.Builder message = Context.newBuilder();
        addTokens(message, context, count);
        int older = context.length() - count;
        if (older > 0) {
            message.setOlderTokens(older).setOlderHash(oldestOf(context, count).hashBefore());
        }
        return message.setHandle(handleOf(context)).build();
    }

    /** The context whose last token is the oldest of the newest {@code count}. */
    private static TokenContext oldestOf(TokenContext context, int count) {
        return context.first(context.length() - count + 1);
    }

    private static void addTokens(Context.Builder message, TokenContext context, int count) {
        for (int token : context.lastTokens(count)) {
            message.addTokens(token);
        }
    }

    private long handleOf(TokenContext context) {
        return handles.computeIfAbsent(context, key -> ++lastHandle);
    }
}
