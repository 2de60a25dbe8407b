package io.bytelm.service.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.bytelm.lm.TokenContext;
import io.bytelm.service.Expansion;
import io.bytelm.service.TrieLmService;
import io.bytelm.service.grpc.proto.ExpandCall;
import io.bytelm.service.grpc.proto.ExpandCalls;
import io.bytelm.service.grpc.proto.ExpandReplies;
import io.bytelm.service.grpc.proto.ExpandReply;
import io.bytelm.service.grpc.proto.Refusal;
import io.bytelm.service.grpc.proto.Sealed;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client's stream, at the server. Its calls come from gRPC, one after another; answers come from any thread and are
 * gathered. A client that has as many calls unanswered as it may is not read from until some are answered, and one that does
 * not read its answers is not read from either: its messages wait in its own buffers.
 */
final class ClientStream implements StreamObserver<Sealed>, Outbox.Sink<ClientStream.Outgoing> {
    private static final int RETRY_WHEN_FULL_MILLIS = 50;

    /** What is sent to the client, in the order in which it was decided. */
    sealed interface Outgoing {}

    private record Reply(ExpandReply message) implements Outgoing {}

    private record Drains() implements Outgoing {}

    private record Share(long keptTokens) implements Outgoing {}

    /** @param status null if all is well */
    private record End(@Nullable Status status) implements Outgoing {}

    private final TrieLmService service;
    private final ServerCallStreamObserver<Sealed> out;
    private final StreamLimits limits;
    private final long client;
    private final ServerCounters counters;
    private final Consumer<ClientStream> whenOver;
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final KnownContexts contexts;
    private final Outbox<Outgoing> outbox;
    private final Map<Long, CompletableFuture<Expansion>> unanswered = new ConcurrentHashMap<>();
    private final AtomicBoolean isReading = new AtomicBoolean(true); // or has a message on its way
    private final AtomicBoolean hasEnded = new AtomicBoolean(); // or will, once what was decided before is sent
    private volatile boolean clientHasAsked; // all that it wanted
    private volatile boolean isCut;

    /**
     * @param client tells this client from others
     * @param whenOver is told, once and by any thread, when nothing comes or goes any more
     */
    ClientStream(
            TrieLmService service,
            ServerCallStreamObserver<Sealed> out,
            StreamLimits limits,
            long client,
            ServerCounters counters,
            Consumer<ClientStream> whenOver) {
        this.service = service;
        this.out = out;
        this.limits = limits;
        this.client = client;
        this.counters = counters;
        this.contexts = new KnownContexts(
                service.vocabulary().size(),
                limits.maxContexts(),
                WireDescription.maxContextTokens(service),
                KnownContexts.MOST_HELD_TOKENS);
        this.outbox = new Outbox<>(this, Runnable::run);
        this.whenOver = whenOver;
        out.disableAutoRequest();
        out.setOnReadyHandler(outbox::drainSoon);
        out.setOnCancelHandler(this::abandonAll);
        out.request(1);
    }

    @Override
    public void onNext(Sealed message) {
        counters.received(message.getSerializedSize());
        isReading.set(false);
        try {
            ExpandCalls calls = ExpandCalls.parseFrom(Seal.open(message));
            calls.getCancelledList().forEach(this::cancel);
            outbox.addTogether(() -> calls.getCallsList().forEach(this::take));
        } catch (MalformedMessageException | InvalidProtocolBufferException e) {
            end(Status.DATA_LOSS.withDescription(e.getMessage()));
            return;
        }
        readOn();
    }

    private void readOn() {
        if (unanswered.size() + outbox.size() < limits.maxInFlight() && isReading.compareAndSet(false, true)) {
            out.request(1);
        }
    }

    private void cancel(long id) {
        CompletableFuture<Expansion> answer = unanswered.remove(id);
        if (answer != null) {
            counters.cancelled();
            answer.cancel(false);
        }
    }

    private void take(ExpandCall call) {
        counters.asked();
        if (unanswered.size() >= limits.maxInFlight()) {
            refuse(
                    call.getId(),
                    WireRefusals.of(
                            Refusal.Reason.EXHAUSTED,
                            limits.maxInFlight() + " calls of this client are unanswered",
                            RETRY_WHEN_FULL_MILLIS));
            return;
        }
        CompletableFuture<Expansion> answer;
        try {
            TokenContext context = contexts.read(call.getContext());
            if (context == null) {
                refuse(
                        call.getId(),
                        WireRefusals.of(Refusal.Reason.UNKNOWN_CONTEXT, "the parent's handle is not known", 0));
                return;
            }
            answer = service.expand(WireCalls.read(call, context, limits), WireCalls.terms(call, client));
        } catch (MalformedMessageException e) {
            refuse(call.getId(), WireRefusals.of(Refusal.Reason.INVALID, String.valueOf(e.getMessage()), 0));
            return;
        }
        if (unanswered.putIfAbsent(call.getId(), answer) != null) {
            answer.cancel(false);
            end(Status.INVALID_ARGUMENT.withDescription("two calls with the id " + call.getId()));
            return;
        }
        long sinceNanos = System.nanoTime();
        var unused = answer.whenComplete(
                (expansion, failure) -> answered(call.getId(), answer, expansion, failure, sinceNanos));
    }

    private void answered(
            long id,
            CompletableFuture<Expansion> answer,
            @Nullable Expansion expansion,
            @Nullable Throwable failure,
            long sinceNanos) {
        if (expansion != null) {
            counters.answered(System.nanoTime() - sinceNanos);
            outbox.add(new Reply(ExpandReply.newBuilder()
                    .setId(id)
                    .setMasses(WireMasses.of(expansion))
                    .build()));
        } else if (!(failure instanceof CancellationException)) {
            refuse(id, WireRefusals.of(failure));
        }
        unanswered.remove(id, answer);
        readOn();
        endWhenAllIsAnswered();
    }

    private void refuse(long id, Refusal refusal) {
        counters.refused(refusal.getReason());
        outbox.add(
                new Reply(ExpandReply.newBuilder().setId(id).setRefusal(refusal).build()));
    }

    /** Tells the client to go elsewhere; it ends the stream when it has its answers. Any thread. */
    void drain() {
        outbox.add(new Drains());
    }

    /** Tells the client how many tokens the model keeps the states of for it. Any thread. */
    void share(long keptTokens) {
        outbox.add(new Share(keptTokens));
    }

    /** Ends the stream, whatever is unanswered. Any thread. */
    void end(Status status) {
        if (hasEnded.compareAndSet(false, true)) {
            outbox.add(new End(status));
        }
    }

    @Override
    public void onCompleted() {
        clientHasAsked = true;
        endWhenAllIsAnswered();
    }

    private void endWhenAllIsAnswered() {
        if (clientHasAsked && unanswered.isEmpty() && hasEnded.compareAndSet(false, true)) {
            outbox.add(new End(null));
        }
    }

    /** The connection was lost, or the client has gone without waiting for answers. */
    @Override
    public void onError(Throwable failure) {
        abandonAll();
    }

    private void abandonAll() {
        isCut = true;
        List.copyOf(unanswered.keySet()).forEach(this::cancel);
        outbox.drainSoon(); // to let go of what waits there
        isOver();
    }

    private void isOver() {
        if (isOver.compareAndSet(false, true)) {
            counters.streamEnded();
            whenOver.accept(this);
        }
    }

    @Override
    public boolean isReady() {
        return isCut || out.isReady();
    }

    @Override
    public void send(List<Outgoing> items) {
        if (isCut) {
            return;
        }
        try {
            write(items);
        } catch (IllegalStateException e) {
            isCut = true; // the connection was lost meanwhile
            return;
        }
        readOn();
    }

    private void write(List<Outgoing> items) {
        ExpandReplies.Builder replies = ExpandReplies.newBuilder();
        End end = null;
        for (Outgoing item : items) {
            if (item instanceof Reply reply) {
                replies.addReplies(reply.message());
            } else if (item instanceof Drains) {
                replies.setDraining(true);
            } else if (item instanceof Share share) {
                replies.setKeptTokensShare(share.keptTokens());
            } else if (item instanceof End last) {
                end = last;
            }
        }
        if (replies.getRepliesCount() > 0 || replies.getDraining() || replies.hasKeptTokensShare()) {
            Sealed message = Seal.close(replies.build());
            counters.sent(message.getSerializedSize());
            out.onNext(message);
        }
        if (end != null) {
            isCut = true;
            finish(end.status());
        }
    }

    private void finish(@Nullable Status status) {
        if (status == null) {
            out.onCompleted();
        } else {
            List.copyOf(unanswered.keySet()).forEach(this::cancel);
            out.onError(status.asRuntimeException());
        }
        isOver();
    }
}
