package io.bytelm.service.grpc;

import io.bytelm.service.TrieLmService;
import io.bytelm.service.grpc.proto.TrieLmGrpc;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ChannelzService;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Serves a {@link TrieLmService} of this JVM to others, by the protocol of {@code service.proto}.
 *
 * <p>gRPC's threads, of which each has some connections, take messages apart and ask the service, which has threads of its own
 * for all that takes longer than summing a row that it keeps.
 * Nobody's request depends on what another client sends: a message that is no request ends its sender's stream, and a
 * request that is none is refused.
 */
public final class TrieLmServer implements AutoCloseable {
    private static final int CHANNELZ_PAGE = 100;
    private static final int MAX_STREAMS_PER_CONNECTION = 64;
    private static final int MAX_HEADER_BYTES = 16 << 10;
    private static final long KEEP_ALIVE_SECONDS = 20;
    private static final long SHORTEST_CLIENT_KEEP_ALIVE_SECONDS = 1;
    private static final long HANDSHAKE_SECONDS = 10;
    private static final long LOOK_AGAIN_MILLIS = 20;

    private final Server server;
    private final ServiceAddress address;
    private final TrieLmEndpoint endpoint;
    private final HealthStatusManager health;
    private final ServerCounters counters;
    private final long drainMillis;
    private final ScheduledExecutorService timer;
    private final AtomicBoolean closed = new AtomicBoolean();

    private TrieLmServer(TrieLmService service, ServerName name, ServerSettings settings) throws IOException {
        GrpcLogging.hearOnlySevere();
        this.timer = Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("bytelm-serve-timer"));
        this.health = new HealthStatusManager();
        this.counters = new ServerCounters();
        this.drainMillis = settings.drain().toMillis();
        this.endpoint = new TrieLmEndpoint(
                service, WireDescription.of(service, name, StreamLimits.DEFAULT), StreamLimits.DEFAULT, counters);
        this.server = builder(settings).build();
        try {
            server.start();
        } catch (IOException e) {
            closeThreads();
            throw e;
        }
        this.address = new ServiceAddress(settings.listen().host(), server.getPort());
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
        health.setStatus(TrieLmGrpc.SERVICE_NAME, ServingStatus.SERVING);
    }

    /**
     * Starts to serve; returns when it does.
     *
     * @param service stays open until the server is closed; whoever opened it closes it
     * @throws IOException if the address cannot be listened at
     * @throws IllegalArgumentException if a file of the security settings cannot be used
     */
    public static TrieLmServer start(TrieLmService service, ServerName name, ServerSettings settings)
            throws IOException {
        return new TrieLmServer(service, name, settings);
    }

    private NettyServerBuilder builder(ServerSettings settings) {
        InetSocketAddress socket = new InetSocketAddress(
                settings.listen().host(), settings.listen().port());
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        socket, new TlsFiles(timer).server(settings.security()))
                .directExecutor() // what asks nobody is answered at once; all else goes to the service's threads
                .addService(endpoint)
                .addService(health.getHealthService())
                .maxInboundMessageSize(StreamLimits.DEFAULT.maxMessageBytes())
                .maxInboundMetadataSize(MAX_HEADER_BYTES)
                .maxConcurrentCallsPerConnection(MAX_STREAMS_PER_CONNECTION)
                .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveTime(SHORTEST_CLIENT_KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true);
        if (settings.security().token() != null) {
            builder.intercept(
                    BearerToken.required(new TokenFile(settings.security().token())));
        }
        if (settings.reflection()) {
            builder.addService(ProtoReflectionServiceV1.newInstance());
        }
        if (settings.channelz()) {
            builder.addService(ChannelzService.newInstance(CHANNELZ_PAGE));
        }
        return builder;
    }

    /** Where it listens. */
    public ServiceAddress address() {
        return address;
    }

    /** What it has done so far. Any thread. */
    public ServerStatistics statistics() {
        return counters.statistics();
    }

    /**
     * Ends: tells the clients to go elsewhere, answers what they have asked and still ask, and returns when they have gone
     * or the time for it is over. What is unanswered then, its client asks another server or this one's successor.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        health.enterTerminalState();
        endpoint.drain();
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(drainMillis);
        try {
            while (endpoint.streams() > 0 && deadlineNanos - System.nanoTime() > 0) {
                Thread.sleep(LOOK_AGAIN_MILLIS);
            }
            server.shutdown();
            if (!server.awaitTermination(1, TimeUnit.SECONDS)) {
                server.shutdownNow();
                server.awaitTermination(1, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        closeThreads();
    }

    private void closeThreads() {
        timer.shutdownNow();
    }
}
