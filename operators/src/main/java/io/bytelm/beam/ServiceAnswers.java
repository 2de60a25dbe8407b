package io.bytelm.beam;

import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.TrieLmService;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * Waits for a service on the calling thread, for {@link Step#run} in a command line or a test. Requests of one batch are
 * all started before the first is waited for.
 *
 * @param service stays open; who opened it closes it
 */
public record ServiceAnswers(TrieLmService service) implements Function<List<ExpandRequest>, List<Expansion>> {
    /**
     * @throws io.bytelm.lm.ModelException if a request cannot be answered
     * @throws io.bytelm.service.ServiceClosedException if the service was closed
     */
    @Override
    public List<Expansion> apply(List<ExpandRequest> requests) {
        List<CompletableFuture<Expansion>> started =
                requests.stream().map(service::expand).toList();
        return started.stream().map(ServiceAnswers::await).toList();
    }

    private static Expansion await(CompletableFuture<Expansion> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
