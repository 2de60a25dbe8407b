package io.bytelm.job.serve;

import io.bytelm.service.TrieLmService;
import io.bytelm.service.grpc.ServiceAddress;
import io.bytelm.service.grpc.TrieLmServer;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;

/** Where Prometheus finds a service's metrics, and those of its JVM. */
final class MetricsEndpoint implements AutoCloseable {
    private final HTTPServer http;
    private final ServiceAddress address;

    private MetricsEndpoint(HTTPServer http, ServiceAddress address) {
        this.http = http;
        this.address = address;
    }

    /** @throws IOException if the address cannot be listened at */
    static MetricsEndpoint start(ServiceAddress listen, TrieLmService service, TrieLmServer server) throws IOException {
        PrometheusRegistry registry = new PrometheusRegistry();
        new ServiceMetrics(service, server).register(registry);
        JvmMetrics.builder().register(registry);
        HTTPServer http = HTTPServer.builder()
                .inetAddress(InetAddress.getByName(listen.host()))
                .port(listen.port())
                .registry(registry)
                .buildAndStart();
        return new MetricsEndpoint(http, new ServiceAddress(listen.host(), http.getPort()));
    }

    ServiceAddress address() {
        return address;
    }

    @Override
    public void close() {
        http.close();
    }
}
