package io.bytelm.service.grpc;

import io.bytelm.lm.TokenContext;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.trie.TokenByteTrie;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What services have told of ways that nobody has asked for yet, so that the next bytes of a text that comes byte by byte
 * need no way to the service and back. A text that is known far ahead is asked along at once, and has no use for it.
 *
 * <p>Some thousand contexts are remembered, those used last. Any thread asks and tells.
 */
final class AnswersAhead {
    /** How many masses a request asks for beyond its path. */
    static final int MASSES = 24;

    /** Longer paths are of texts that are known ahead (bytes). */
    private static final int LONGEST_PATH = 24;

    private static final int MOST_CONTEXTS = 4096;

    /** The answer to a request, which holds what lies beyond the request's path. */
    private record Told(ExpandRequest request, Expansion answer) {
        boolean isOfTheSameKind(ExpandRequest other) {
            return request.silencesSpecials() == other.silencesSpecials()
                    && Arrays.equals(request.eosTokens(), other.eosTokens());
        }

        /** @param path the trie follows it to its end */
        @Nullable
        Expansion along(byte[] path) {
            int fork = Arrays.mismatch(request.path(), path);
            boolean isWithin = fork < 0 || fork == path.length;
            if (isWithin) {
                return path.length <= answer.depth() ? answer.upTo(path.length) : null;
            }
            return fork == request.path().length && answer.depth() == fork ? answer.along(path) : null;
        }
    }

    private final TokenByteTrie trie;
    private final Map<TokenContext, Told> told = new LinkedHashMap<>(16, 0.75f, true) { // guarded by itself
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<TokenContext, Told> eldest) {
                    return size() > MOST_CONTEXTS;
                }
            };

    /** @param trie of the services' vocabulary: where no token goes on is known without them */
    AnswersAhead(TokenByteTrie trie) {
        this.trie = trie;
    }

    /** The same request, which asks for what lies beyond its path where that may be of use. */
    ExpandRequest lookingAhead(ExpandRequest request) {
        boolean isOfUse = request.rowsFrom() == ExpandRequest.NO_ROWS && request.path().length <= LONGEST_PATH;
        return isOfUse ? request.withAhead(MASSES) : request;
    }

    /** The answer, if it is known; null if the service is to be asked. */
    @Nullable
    Expansion answerTo(ExpandRequest request) {
        if (request.rowsFrom() != ExpandRequest.NO_ROWS) {
            return null;
        }
        Told known;
        synchronized (told) {
            known = told.get(request.context());
        }
        return known == null || !known.isOfTheSameKind(request) ? null : known.along(followed(request.path()));
    }

    /** The path as far as tokens begin with it: an answer goes no further. */
    private byte[] followed(byte[] path) {
        int node = trie.root();
        for (int depth = 0; depth < path.length; depth++) {
            node = trie.child(node, path[depth] & 0xFF);
            if (node == TokenByteTrie.NONE) {
                return Arrays.copyOf(path, depth);
            }
        }
        return path;
    }

    /** The service has answered. */
    void tell(ExpandRequest request, Expansion answer) {
        if (request.ahead() > 0) {
            synchronized (told) {
                told.put(request.context(), new Told(request, answer));
            }
        }
    }
}
