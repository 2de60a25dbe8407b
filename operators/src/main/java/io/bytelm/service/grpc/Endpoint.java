package io.bytelm.service.grpc;

import io.bytelm.service.grpc.proto.Description;
import io.bytelm.service.grpc.proto.Refusal;
import io.bytelm.service.grpc.proto.TrieLmGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One remote service, as its client knows it: described, then connected by a stream, and after that has ended described
 * again, for what listens there may be another one. Confined to the client's loop.
 */
final class Endpoint implements EndpointStream.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);

    /** What the endpoint tells its client. */
    interface Listener {
        /** @return why it cannot be used beside the others; null if it can */
        @Nullable
        String objection(Endpoint endpoint, Description description);

        /** It takes calls. */
        void onReady(Endpoint endpoint);

        /** It keeps the states of more or fewer tokens for this client. */
        void onShare();

        /** An attempt to connect has come to its end, well or not. */
        void onSettled(Endpoint endpoint);

        /** A call is not answered with masses. */
        void onRefusal(Endpoint endpoint, PendingCall call, Refusal refusal);

        /** Calls that were on their way when the stream ended. */
        void onLost(Endpoint endpoint, Iterable<PendingCall> calls);
    }

    private enum State {
        CONNECTING,
        READY,
        DRAINING,
        GONE,
        /** It is another model than the others, or none. */
        REFUSED
    }

    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long WAY_BACK_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final ServiceAddress address;
    private final ManagedChannel channel;
    private final TrieLmGrpc.TrieLmStub stub;
    private final ConnectionFailures failures;
    private final Listener listener;
    private final ScheduledExecutorService loop;
    private final ClientCounters counters;
    private final String clientName;
    private final ReconnectPause pause = new ReconnectPause();
    private State state = State.GONE;
    private @Nullable EndpointStream stream;
    private @Nullable Description description;
    private String failure = "no answer yet";
    private boolean hasBeenReady;
    private boolean comesBack;
    private long readySinceNanos;
    private boolean isAskedWhetherItLives;
    private boolean isClosed;
    private long keptTokens;

    Endpoint(
            ServiceAddress address,
            ManagedChannel channel,
            TrieLmGrpc.TrieLmStub stub,
            ConnectionFailures failures,
            Listener listener,
            ScheduledExecutorService loop,
            ClientCounters counters,
            String clientName) {
        this.address = address;
        this.channel = channel;
        this.stub = stub;
        this.failures = failures;
        this.listener = listener;
        this.loop = loop;
        this.counters = counters;
        this.clientName = clientName;
    }

    ServiceAddress address() {
        return address;
    }

    /** What it said last; null if it never did. */
    @Nullable
    Description description() {
        return description;
    }

    boolean isReady() {
        return state == State.READY;
    }

    boolean isRefused() {
        return state == State.REFUSED;
    }

    /** How many tokens it keeps the states of for this client; {@link Long#MAX_VALUE} if it never said. */
    long keptTokens() {
        return keptTokens;
    }

    /** Why it is not ready, in one line that names it. */
    String failure() {
        return address + ": " + failure;
    }

    /** Whether it takes a session that goes to it: while it comes back, one session after another does. */
    boolean takes(long session) {
        if (!comesBack) {
            return true;
        }
        double way = (double) (System.nanoTime() - readySinceNanos) / WAY_BACK_NANOS;
        comesBack = way < 1;
        return Rendezvous.turn(session, address) < way;
    }

    void connect() {
        if (isClosed || state == State.READY || state == State.CONNECTING) {
            return;
        }
        state = State.CONNECTING;
        channel.resetConnectBackoff();
        Describing.ask(stub, clientName, loop, this::isDescribed, this::isGone);
    }

    private void isDescribed(Description said) {
        String objection = said.getProtocol() == WireDescription.PROTOCOL
                ? listener.objection(this, said)
                : "it speaks version " + said.getProtocol() + " of the protocol, this program version "
                        + WireDescription.PROTOCOL;
        if (objection != null) {
            refuse(objection);
            return;
        }
        description = said;
        keptTokens = said.hasKeptTokens() ? Math.max(1, said.getKeptTokens()) : Long.MAX_VALUE;
        EndpointStream opened =
                new EndpointStream(address, StreamLimits.of(said), contextTokens(said), this, loop, counters);
        stream = opened;
        var unused = stub.expand(opened);
        state = State.READY;
        comesBack = hasBeenReady;
        hasBeenReady = true;
        readySinceNanos = System.nanoTime();
        failure = "it is there";
        LOG.info("The trie/LM service at {} is there: {} of version {}", address, said.getModel(), said.getVersion());
        listener.onReady(this);
        listener.onSettled(this);
    }

    private static long contextTokens(Description description) {
        return description.hasContextTokens() ? Math.max(1, description.getContextTokens()) : Long.MAX_VALUE;
    }

    private void refuse(String objection) {
        if (!objection.equals(failure)) {
            LOG.warn("The service at {} is not used: {}", address, objection);
        }
        failure = objection;
        state = State.REFUSED;
        connectAfter(ReconnectPause.LONGEST_MILLIS);
        listener.onSettled(this);
    }

    private void isGone(Status status) {
        if (isClosed) {
            return;
        }
        String why = failures.explain(status);
        if (state == State.READY) {
            boolean wasThereForAWhile = System.nanoTime() - readySinceNanos > WAY_BACK_NANOS;
            if (wasThereForAWhile) {
                pause.isShortAgain();
            }
        }
        if (!why.equals(failure)) {
            LOG.warn("The trie/LM service at {} cannot be used: {}", address, why);
        }
        failure = why;
        state = State.GONE;
        connectAfter(pause.nextMillis());
        listener.onSettled(this);
    }

    private void connectAfter(long millis) {
        var unused = loop.schedule(this::connect, millis, TimeUnit.MILLISECONDS);
    }

    /**
     * Asks for a sign of life where calls have been on their way for some seconds without an answer: a process that is
     * stopped, or a machine that is gone, keeps its connections. A long pass of the model holds up no such sign.
     */
    void lookWhetherItLives() {
        EndpointStream silent = stream;
        if (silent == null || isAskedWhetherItLives || silent.silentNanos() < SILENCE_NANOS) {
            return;
        }
        isAskedWhetherItLives = true;
        Describing.ask(stub, clientName, loop, said -> isAskedWhetherItLives = false, status -> {
            isAskedWhetherItLives = false;
            if (status.getCode() == Status.Code.DEADLINE_EXCEEDED && silent == stream) {
                silent.cut("it gives no sign of life");
            }
        });
    }

    /** Sends a call along the stream when {@link #flush} comes to it; only while it is ready. */
    void send(PendingCall call) {
        if (stream != null) {
            stream.send(call);
        }
    }

    void flush() {
        if (stream != null) {
            stream.flush();
        }
    }

    @Override
    public void onRefusal(EndpointStream of, PendingCall call, Refusal refusal) {
        boolean isOurs = of == stream && state == State.READY;
        if (isOurs && refusal.getReason() == Refusal.Reason.UNKNOWN_CONTEXT) {
            of.sendInFull(call);
        } else {
            listener.onRefusal(this, call, refusal);
        }
        endWhenIdle();
    }

    @Override
    public void onDraining(EndpointStream of) {
        if (of == stream && state == State.READY) {
            LOG.info("The trie/LM service at {} ends; its sessions go elsewhere", address);
            state = State.DRAINING;
            endWhenIdle();
        }
    }

    @Override
    public void onShare(EndpointStream of, long ofKeptTokens) {
        if (of == stream) {
            keptTokens = Math.max(1, ofKeptTokens);
            listener.onShare();
        }
    }

    /** Looks again soon: an answer that comes is not told of. */
    private void endWhenIdle() {
        if (state == State.DRAINING && stream != null) {
            if (stream.isIdle()) {
                stream.halfClose();
            } else {
                var unused = loop.schedule(this::endWhenIdle, 10, TimeUnit.MILLISECONDS);
            }
        }
    }

    @Override
    public void onOver(EndpointStream of, Status status) {
        if (of != stream) {
            return;
        }
        stream = null;
        boolean wasOrderly = state == State.DRAINING;
        if (!wasOrderly) {
            isGone(status);
        } else {
            failure = "it has ended";
            state = State.GONE;
            pause.isShortAgain();
            connectAfter(pause.nextMillis());
        }
        listener.onLost(this, of.takeUnanswered());
    }

    void close() {
        isClosed = true;
        if (stream != null) {
            stream.cut("the client is closed");
        }
        channel.shutdownNow();
    }
}
