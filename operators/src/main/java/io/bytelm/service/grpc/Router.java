package io.bytelm.service.grpc;

import io.bytelm.lm.ModelException;
import io.bytelm.service.ConnectionStatistics;
import io.bytelm.service.Expansion;
import io.bytelm.service.ServiceClosedException;
import io.bytelm.service.ServiceRefusedException;
import io.bytelm.service.grpc.proto.Description;
import io.bytelm.service.grpc.proto.Refusal;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Knows which endpoints are there, and sends each call to the one that its session belongs to. What goes nowhere waits for
 * an endpoint to come, for some seconds. All of it runs on one thread, the loop.
 */
final class Router implements Endpoint.Listener, Outbox.Sink<PendingCall>, AutoCloseable {
    private static final long LOOKS_MILLIS = 500;
    private static final int MOST_MOVES = 16;

    private final RemoteSettings settings;
    private final ScheduledThreadPoolExecutor loop;
    private final Channels channels;
    private final Endpoints endpoints;
    private final ClientCounters counters = new ClientCounters();
    private final Outbox<PendingCall> asked;
    private final Set<PendingCall> open =
            ConcurrentHashMap.newKeySet(); // those that are not answered, wherever they are
    // The rest is for the loop.
    private final ParkedCalls parked = new ParkedCalls();
    private final FindingModel finding;
    private final CommonModel common = new CommonModel();
    private final Random jitter = new Random();
    private volatile boolean isClosed;
    private volatile List<ServiceAddress> ready = List.of();
    private LongConsumer keptTokensListener = tokens -> {};

    Router(RemoteSettings settings, String clientName) {
        this.settings = settings;
        this.loop = new ScheduledThreadPoolExecutor(
                1, DaemonThreads.named("bytelm-remote"), new ThreadPoolExecutor.DiscardPolicy());
        loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.asked = new Outbox<>(this, loop);
        try {
            this.channels = new Channels(settings.security(), loop);
        } catch (IllegalArgumentException e) {
            loop.shutdownNow();
            throw e;
        }
        ConnectionFailures failures = new ConnectionFailures(settings.security());
        List<Endpoint> all = new ArrayList<>();
        for (ServiceAddress address : settings.endpoints()) {
            Channels.Opened opened = channels.open(address);
            all.add(new Endpoint(address, opened.channel(), opened.stub(), failures, this, loop, counters, clientName));
        }
        this.endpoints = new Endpoints(List.copyOf(all));
        this.finding = new FindingModel(endpoints);
        loop.execute(() -> endpoints.all().forEach(Endpoint::connect));
        var unused = loop.scheduleWithFixedDelay(this::look, LOOKS_MILLIS, LOOKS_MILLIS, TimeUnit.MILLISECONDS);
        var unusedToo =
                loop.schedule(finding::conclude, settings.connectWithin().toMillis(), TimeUnit.MILLISECONDS);
    }

    List<ServiceAddress> addresses() {
        return settings.endpoints();
    }

    /** Blocks until each endpoint is there or is known not to be. @throws ServiceRefusedException if they cannot be used */
    CommonModel.Found find() {
        return finding.join();
    }

    /** From now on the listener is told, on the loop, of how many tokens the endpoints that are there keep the states. */
    void tellKeptTokens(LongConsumer listener) {
        loop.execute(() -> {
            keptTokensListener = listener;
            lookAtReady();
        });
    }

    /** @throws ServiceRefusedException if it cannot be read now, or is another one than was said */
    Vocabulary readVocabulary(CommonModel.Found usable) {
        return channels.readVocabulary(usable.endpoint().address(), usable.identity());
    }

    /** @param vocabulary that of the model */
    RemoteRules rules(Vocabulary vocabulary) {
        return new RemoteRules(channels, () -> ready, vocabulary);
    }

    /** Any thread. */
    CompletableFuture<Expansion> ask(PendingCall call) {
        open.add(call);
        call.answer().whenComplete((expansion, failure) -> {
            open.remove(call);
            if (call.answer().isCancelled()) {
                loop.execute(() -> forget(call));
            }
        });
        asked.add(call);
        if (isClosed) {
            failOpen(); // the loop may have ended before it came to this one
        }
        return call.answer();
    }

    private void forget(PendingCall call) {
        parked.remove(call);
        EndpointStream stream = call.stream();
        if (stream != null) {
            stream.cancel(call);
        }
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void send(List<PendingCall> calls) {
        calls.forEach(this::dispatch);
        endpoints.all().forEach(Endpoint::flush);
    }

    private void dispatch(PendingCall call) {
        if (call.answer().isDone()) {
            return;
        }
        if (call.isLate()) {
            call.answer().completeExceptionally(ServiceRefusedException.late(call.patienceMillis()));
        } else {
            Endpoint to = endpoints.of(call.session());
            if (to == null) {
                parked.add(call);
            } else {
                to.send(call);
            }
        }
    }

    private void look() {
        endpoints.all().forEach(Endpoint::lookWhetherItLives);
        parked.refuseThoseThatWaitedLong(endpoints::noneIsThere);
    }

    @Override
    public @Nullable String objection(Endpoint endpoint, Description said) {
        return common.objection(endpoint.address(), said);
    }

    @Override
    public void onReady(Endpoint endpoint) {
        lookAtReady();
        send(parked.takeAll());
    }

    /** Which endpoints are there, or what they keep, has changed. */
    private void lookAtReady() {
        List<Endpoint> there = endpoints.thatAreReady();
        ready = there.stream().map(Endpoint::address).toList();
        if (!there.isEmpty()) {
            keptTokensListener.accept(CommonModel.keptTokens(there));
        }
    }

    @Override
    public void onShare() {
        lookAtReady();
    }

    @Override
    public void onSettled(Endpoint endpoint) {
        lookAtReady();
        finding.settled(endpoint);
    }

    @Override
    public void onRefusal(Endpoint endpoint, PendingCall call, Refusal refusal) {
        String message = "the trie/LM service at " + endpoint.address() + " refuses: " + refusal.getMessage();
        switch (refusal.getReason()) {
            case UNKNOWN_CONTEXT -> again(call); // it is told of a stream that has ended
            case INVALID -> call.answer().completeExceptionally(new ModelException(message));
            case EXHAUSTED -> comeAgain(call, refusal.getRetryAfterMillis());
            case LATE -> call.answer().completeExceptionally(ServiceRefusedException.late(call.patienceMillis()));
            default -> call.answer().completeExceptionally(ServiceRefusedException.unavailable(message));
        }
    }

    /** Not all at once: half to one and a half of what the service says. */
    private void comeAgain(PendingCall call, int afterMillis) {
        long pauseMillis = Math.max(1, Math.round(Math.max(0, afterMillis) * (0.5 + jitter.nextDouble())));
        var unused = loop.schedule(() -> send(List.of(call)), pauseMillis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void onLost(Endpoint endpoint, Iterable<PendingCall> calls) {
        lookAtReady();
        calls.forEach(this::again);
        endpoints.all().forEach(Endpoint::flush);
    }

    /** Each move is of an endpoint that went; a request that ends whatever it is sent to is not sent for ever. */
    private void again(PendingCall call) {
        counters.moved();
        if (call.moves() > MOST_MOVES) {
            call.answer()
                    .completeExceptionally(ServiceRefusedException.unavailable(
                            "the trie/LM services went " + MOST_MOVES + " times before they answered a request"));
        } else {
            dispatch(call);
        }
    }

    /** A request needed no endpoint. Any thread. */
    void answeredAhead() {
        counters.answeredAhead();
    }

    /** Any thread. */
    ConnectionStatistics statistics() {
        return counters.statistics(endpoints.all().size(), ready.size(), open.size());
    }

    /** What is not answered fails; returns at once. */
    @Override
    public void close() {
        isClosed = true;
        failOpen();
        finding.fail(closed());
        loop.execute(() -> {
            endpoints.all().forEach(Endpoint::close);
            loop.shutdown();
        });
    }

    private void failOpen() {
        open.forEach(call -> call.answer().completeExceptionally(closed()));
    }

    private static ServiceClosedException closed() {
        return new ServiceClosedException("this client of a trie/LM service is closed");
    }
}
