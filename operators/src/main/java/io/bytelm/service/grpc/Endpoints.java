package io.bytelm.service.grpc;

import io.bytelm.service.ServiceRefusedException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints that a client was told of, whether they are there or not. On the client's loop.
 *
 * @param all in the order in which they were named
 */
record Endpoints(List<Endpoint> all) {
    List<Endpoint> thatAreReady() {
        return all.stream().filter(Endpoint::isReady).toList();
    }

    List<Endpoint> thatAreRefused() {
        return all.stream().filter(Endpoint::isRefused).toList();
    }

    /** The one that a session belongs to, by rendezvous hashing, of those that are there and take it; null if none is there. */
    @Nullable
    Endpoint of(long session) {
        Endpoint best = null;
        boolean bestTakes = false;
        for (Endpoint endpoint : all) {
            if (!endpoint.isReady()) {
                continue;
            }
            boolean takes = endpoint.takes(session);
            if (best == null || (takes && !bestTakes) || (takes == bestTakes && isBefore(endpoint, best, session))) {
                best = endpoint;
                bestTakes = takes;
            }
        }
        return best;
    }

    private static boolean isBefore(Endpoint a, Endpoint b, long session) {
        return Long.compareUnsigned(Rendezvous.weight(session, a.address()), Rendezvous.weight(session, b.address()))
                > 0;
    }

    ServiceRefusedException noneIsThere() {
        return ServiceRefusedException.unavailable("no trie/LM service is there: " + failuresOf(all));
    }

    /** Why each of them cannot be used, in one line. */
    static String failuresOf(List<Endpoint> some) {
        return some.stream().map(Endpoint::failure).collect(Collectors.joining("; "));
    }
}
