package io.bytelm.service.grpc;

import io.bytelm.lm.ModelException;
import io.bytelm.lm.ModelIdentity;
import io.bytelm.lm.batch.Terms;
import io.bytelm.service.ConnectionStatistics;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.ServiceClosedException;
import io.bytelm.service.ServiceRefusedException;
import io.bytelm.service.StateRoom;
import io.bytelm.service.TrieLmService;
import io.bytelm.trie.TokenByteTrie;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.Vocabulary;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The service in other processes, of which there may be several: each session's requests go to the same one as long as that
 * is there, and to another one when it goes. A request that was on its way to one that has gone is asked again elsewhere,
 * which is safe, as its answer depends on nothing else.
 *
 * <p>Any thread asks. One thread, the loop, knows what is where and writes; gRPC's threads read.
 */
public final class RemoteTrieLmService implements TrieLmService {
    private final Router router;
    private final Vocabulary vocabulary;
    private final ModelIdentity identity;
    private final long keptTokens;
    private final long contextTokens;
    private final StateRoom room;
    private final RemoteRules rules;
    private final AnswersAhead ahead;
    private final AtomicBoolean closed = new AtomicBoolean();

    private RemoteTrieLmService(Router router, CommonModel.Found found, Vocabulary vocabulary) {
        this.router = router;
        this.vocabulary = vocabulary;
        this.identity = found.identity();
        this.keptTokens = found.keptTokens();
        this.contextTokens = found.contextTokens();
        this.room = new StateRoom(keptTokens);
        this.rules = router.rules(vocabulary);
        this.ahead = new AnswersAhead(new TokenByteTrie(vocabulary));
        router.tellKeptTokens(room::resize);
    }

    /**
     * Connects, and reads what the model's token ids stand for; blocks for some seconds at most.
     *
     * @param clientName what the service calls this client in its log
     * @throws ServiceRefusedException if no endpoint can be used now, or they are of different models; the message names them
     *     and says why of each
     * @throws IllegalArgumentException if a file of the security settings cannot be used
     */
    public static RemoteTrieLmService open(RemoteSettings settings, String clientName) {
        Router router = new Router(settings, clientName);
        try {
            CommonModel.Found found = router.find();
            Vocabulary vocabulary = router.readVocabulary(found);
            return new RemoteTrieLmService(router, found, vocabulary);
        } catch (RuntimeException e) {
            router.close();
            throw e;
        }
    }

    @Override
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /**
     * Asks a service for its {@code tokenizer.json} when it is first called, and reads that here.
     *
     * @throws ServiceRefusedException if none tells it now; later one may
     * @throws ServiceClosedException if this is closed
     */
    @Override
    public CanonicalRules canonicalRules() {
        if (closed.get()) {
            throw closedException();
        }
        return rules.get();
    }

    @Override
    public CompletableFuture<Expansion> expand(ExpandRequest request) {
        return expand(request, Terms.NONE);
    }

    /** The service refuses who is late, and so does this, if no service is there. */
    @Override
    public CompletableFuture<Expansion> expand(ExpandRequest request, Terms terms) {
        if (closed.get()) {
            return CompletableFuture.failedFuture(closedException());
        }
        for (int token : request.eosTokens()) {
            if (token < 0 || token >= vocabulary.size()) {
                return CompletableFuture.failedFuture(new ModelException(
                        "EOS token " + token + " is not an id of a vocabulary of " + vocabulary.size() + " tokens"));
            }
        }
        Expansion known = ahead.answerTo(request);
        if (known != null) {
            router.answeredAhead();
            return CompletableFuture.completedFuture(known);
        }
        return askEndpoint(ahead.lookingAhead(request), terms);
    }

    private static ServiceClosedException closedException() {
        return new ServiceClosedException("this client of a trie/LM service is closed");
    }

    private CompletableFuture<Expansion> askEndpoint(ExpandRequest request, Terms terms) {
        CompletableFuture<Expansion> answer = router.ask(new PendingCall(request, terms));
        answer.thenAccept(expansion -> ahead.tell(request, expansion));
        return answer;
    }

    @Override
    public long keptTokens() {
        return keptTokens;
    }

    @Override
    public long contextTokens() {
        return contextTokens;
    }

    @Override
    public ModelIdentity identity() {
        return identity;
    }

    @Override
    public StateRoom room() {
        return room;
    }

    @Override
    public ConnectionStatistics connections() {
        return router.statistics();
    }

    /** The names of the endpoints, for people. */
    public List<ServiceAddress> endpoints() {
        return router.addresses();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            router.close();
        }
    }
}
