package io.bytelm.service.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.bytelm.service.ServiceRefusedException;
import io.bytelm.service.grpc.proto.ExpandCalls;
import io.bytelm.service.grpc.proto.ExpandReplies;
import io.bytelm.service.grpc.proto.ExpandReply;
import io.bytelm.service.grpc.proto.Refusal;
import io.bytelm.service.grpc.proto.Sealed;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One stream to one endpoint, until it breaks or ends. Calls are written by the client's loop, as many at once as wait;
 * answers are read, and those who wait for them told, by gRPC's thread.
 */
final class EndpointStream implements ClientResponseObserver<Sealed, Sealed> {
    /** What the stream tells its endpoint; on the loop. */
    interface Listener {
        /** A call is not answered with masses. */
        void onRefusal(EndpointStream stream, PendingCall call, Refusal refusal);

        /** The server wants no new calls. */
        void onDraining(EndpointStream stream);

        /** The server keeps the states of so many tokens for this client. */
        void onShare(EndpointStream stream, long keptTokens);

        /** Nothing comes any more; what is unanswered will not be. @param status OK if both sides have ended it */
        void onOver(EndpointStream stream, Status status);
    }

    private static final int MOST_CALLS_AT_ONCE = 64;

    private final ServiceAddress address;
    private final StreamLimits limits;
    private final Listener listener;
    private final Executor loop;
    private final ClientCounters counters;
    private final SentContexts contexts;
    private final Map<Long, PendingCall> unanswered = new ConcurrentHashMap<>();
    private volatile long lastHeardNanos = System.nanoTime();
    // The rest is for the loop.
    private final Queue<PendingCall> waiting = new ArrayDeque<>();
    private final List<Long> cancelled = new ArrayList<>();
    private @Nullable ClientCallStreamObserver<Sealed> out;
    private long lastId;
    private boolean isHalfClosed;

    /** @param contextTokens how many tokens of a context count */
    EndpointStream(
            ServiceAddress address,
            StreamLimits limits,
            long contextTokens,
            Listener listener,
            Executor loop,
            ClientCounters counters) {
        this.address = address;
        this.limits = limits;
        this.listener = listener;
        this.loop = loop;
        this.counters = counters;
        this.contexts = new SentContexts(limits.maxContexts(), contextTokens);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Sealed> requests) {
        out = requests; // by the loop, which starts the call
        requests.setOnReadyHandler(() -> loop.execute(this::flush));
    }

    /** Sends a call when {@link #flush} comes to it. */
    void send(PendingCall call) {
        call.isSent(this, ++lastId);
        waiting.add(call);
    }

    /** The call's answer is not wanted any more. */
    void cancel(PendingCall call) {
        if (!waiting.remove(call) && unanswered.remove(call.id()) != null) {
            cancelled.add(call.id());
            flush();
        }
    }

    /** Writes what waits, as far as the connection and the server's limits let it. */
    void flush() {
        while (out != null && !isHalfClosed && out.isReady() && !(cancelled.isEmpty() && waiting.isEmpty())) {
            ExpandCalls.Builder calls = ExpandCalls.newBuilder().addAllCancelled(cancelled);
            cancelled.clear();
            while (calls.getCallsCount() < MOST_CALLS_AT_ONCE && unanswered.size() < limits.maxInFlight()) {
                PendingCall call = waiting.poll();
                if (call == null) {
                    break;
                }
                write(call, calls);
            }
            if (calls.getCallsCount() == 0 && calls.getCancelledCount() == 0) {
                return; // until some are answered
            }
            Sealed message = Seal.close(calls.build());
            counters.sent(calls.getCallsCount(), message.getSerializedSize());
            out.onNext(message);
        }
    }

    private void write(PendingCall call, ExpandCalls.Builder calls) {
        if (!call.answer().isDone()) {
            if (unanswered.isEmpty()) {
                lastHeardNanos = System.nanoTime(); // nothing was to be heard before
            }
            unanswered.put(call.id(), call);
            calls.addCalls(WireCalls.of(
                    call.id(),
                    call.request(),
                    contexts.send(call.request().context()),
                    call.termsNow(),
                    limits.maxPathBytes()));
        }
    }

    /** The endpoint does not know a call's context any more: it is sent in full. */
    void sendInFull(PendingCall call) {
        counters.resent();
        contexts.forget(call.request().context());
        send(call);
        flush();
    }

    /** Whether no call is on its way or waits. */
    boolean isIdle() {
        return unanswered.isEmpty() && waiting.isEmpty();
    }

    /** How long (ns) calls have been on their way without a word of the server; 0 if none is. */
    long silentNanos() {
        return unanswered.isEmpty() ? 0 : System.nanoTime() - lastHeardNanos;
    }

    /** Nothing more will be sent. */
    void halfClose() {
        if (out != null && !isHalfClosed) {
            isHalfClosed = true;
            out.onCompleted();
        }
    }

    /** Ends it at once. */
    void cut(String why) {
        if (out != null) {
            out.cancel(why, null);
        }
    }

    /** Takes all calls that are not answered. */
    List<PendingCall> takeUnanswered() {
        List<PendingCall> left = new ArrayList<>();
        for (Long id : List.copyOf(unanswered.keySet())) {
            PendingCall call = unanswered.remove(id);
            if (call != null) {
                left.add(call);
            }
        }
        left.addAll(waiting);
        waiting.clear();
        return left;
    }

    @Override
    public void onNext(Sealed message) {
        counters.received(message.getSerializedSize());
        lastHeardNanos = System.nanoTime();
        try {
            ExpandReplies replies = ExpandReplies.parseFrom(Seal.open(message));
            replies.getRepliesList().forEach(this::take);
            if (replies.getDraining()) {
                loop.execute(() -> listener.onDraining(this));
            }
            if (replies.hasKeptTokensShare()) {
                loop.execute(() -> listener.onShare(this, replies.getKeptTokensShare()));
            }
        } catch (MalformedMessageException | InvalidProtocolBufferException e) {
            loop.execute(() -> cut(String.valueOf(e.getMessage())));
        }
        if (unanswered.size() >= limits.maxInFlight() / 2 || unanswered.isEmpty()) {
            loop.execute(this::flush);
        }
    }

    private void take(ExpandReply reply) {
        PendingCall call = unanswered.remove(reply.getId());
        if (call == null) {
            return; // cancelled meanwhile
        }
        if (!reply.hasMasses()) {
            loop.execute(() -> listener.onRefusal(this, call, reply.getRefusal()));
            return;
        }
        try {
            call.answer()
                    .complete(WireMasses.read(reply.getMasses(), call.request().path().length));
        } catch (MalformedMessageException e) {
            call.answer()
                    .completeExceptionally(ServiceRefusedException.unavailable(
                            "the service at " + address + " answered with " + e.getMessage()));
        }
    }

    @Override
    public void onError(Throwable failure) {
        loop.execute(() -> listener.onOver(this, Status.fromThrowable(failure)));
    }

    @Override
    public void onCompleted() {
        loop.execute(() -> listener.onOver(this, Status.OK));
    }
}
