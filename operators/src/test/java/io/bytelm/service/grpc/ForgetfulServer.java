package io.bytelm.service.grpc;

import io.bytelm.service.TrieLmService;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A server that remembers fewer contexts than it says. */
final class ForgetfulServer implements AutoCloseable {
    private final Server server;

    ForgetfulServer(TrieLmService service, int maxContexts) throws IOException {
        StreamLimits few = new StreamLimits(maxContexts, 100, 4096, 1 << 20);
        TrieLmEndpoint endpoint = new TrieLmEndpoint(
                service,
                WireDescription.of(service, new ServerName("test", "forgetful"), StreamLimits.DEFAULT),
                few,
                new ServerCounters());
        this.server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(endpoint)
                .build()
                .start();
    }

    ServiceAddress address() {
        return new ServiceAddress("127.0.0.1", server.getPort());
    }

    @Override
    public void close() throws InterruptedException {
        server.shutdownNow().awaitTermination();
    }
}
