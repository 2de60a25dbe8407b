package io.bytelm.service.grpc;

import io.bytelm.service.ServiceRefusedException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * What a new client waits for: that each endpoint is there, is refused, or has had its time. On the client's loop, but for
 * what says otherwise.
 */
final class FindingModel {
    private final Endpoints endpoints;
    private final Set<Endpoint> unsettled;
    private final CompletableFuture<CommonModel.Found> found = new CompletableFuture<>();

    FindingModel(Endpoints endpoints) {
        this.endpoints = endpoints;
        this.unsettled = new LinkedHashSet<>(endpoints.all());
    }

    /** Blocks, on any thread but the loop, until it is concluded. @throws ServiceRefusedException if no endpoint can be used */
    CommonModel.Found join() {
        try {
            return found.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException refused ? refused : e;
        }
    }

    void settled(Endpoint endpoint) {
        unsettled.remove(endpoint);
        if (unsettled.isEmpty()) {
            conclude();
        }
    }

    /** With what is there by now. */
    void conclude() {
        if (found.isDone()) {
            return;
        }
        List<Endpoint> refused = endpoints.thatAreRefused();
        List<Endpoint> usable = endpoints.thatAreReady();
        if (!refused.isEmpty()) {
            found.completeExceptionally(ServiceRefusedException.wrongModel(
                    "the trie/LM services do not fit together: " + Endpoints.failuresOf(refused)));
        } else if (usable.isEmpty()) {
            found.completeExceptionally(endpoints.noneIsThere());
        } else {
            found.complete(CommonModel.foundAt(usable));
        }
    }

    /** Any thread. */
    void fail(RuntimeException reason) {
        found.completeExceptionally(reason);
    }
}
