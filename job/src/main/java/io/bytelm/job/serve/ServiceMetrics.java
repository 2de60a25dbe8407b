package io.bytelm.job.serve;

import io.bytelm.service.ServiceStatistics;
import io.bytelm.service.TrieLmService;
import io.bytelm.service.grpc.ServerStatistics;
import io.bytelm.service.grpc.TrieLmServer;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What a service process counts, under the names that Prometheus shows. Threads of the exporter read it. */
final class ServiceMetrics {
    private static final double NANOS_PER_SECOND = 1e9;

    private final TrieLmService service;
    private final TrieLmServer server;

    ServiceMetrics(TrieLmService service, TrieLmServer server) {
        this.service = service;
        this.server = server;
    }

    void register(PrometheusRegistry registry) {
        ofServer(registry);
        ofModel(registry);
        DeviceMetrics.register(registry, service::deviceMemory);
    }

    private void ofServer(PrometheusRegistry registry) {
        served(registry, "requests", "Requests that came.", ServerStatistics::calls);
        served(registry, "answers", "Requests that were answered.", ServerStatistics::answered);
        served(
                registry,
                "answer_seconds",
                "How long those took from when they came, summed.",
                did -> did.answerNanos() / NANOS_PER_SECOND);
        served(registry, "cancelled", "Requests that their clients wanted no more.", ServerStatistics::cancelled);
        served(registry, "received_bytes", "Of requests.", ServerStatistics::bytesReceived);
        served(registry, "sent_bytes", "Of answers.", ServerStatistics::bytesSent);
        CounterWithCallback.builder()
                .name("bytelm_service_refused")
                .help("Requests that were refused.")
                .labelNames("reason")
                .callback(show -> server.statistics().refused().forEach((reason, count) -> show.call(count, reason)))
                .register(registry);
        gauge(
                registry,
                "clients",
                "Streams that are open.",
                () -> server.statistics().streams());
    }

    private void served(
            PrometheusRegistry registry, String name, String help, ToDoubleFunction<ServerStatistics> value) {
        counter(registry, name, help, () -> value.applyAsDouble(server.statistics()));
    }

    private void ofModel(PrometheusRegistry registry) {
        counted(registry, "evaluations", "Contexts that the model was needed for.", ServiceStatistics::evaluations);
        counted(registry, "cache_hits", "Requests for contexts that were known.", ServiceStatistics::cacheHits);
        counted(registry, "guesses", "Contexts evaluated ahead of any request.", ServiceStatistics::guesses);
        counted(registry, "guesses_used", "How many of those a request came for.", ServiceStatistics::usedGuesses);
        counted(registry, "batches", "Batches of requests.", ServiceStatistics::batches);
        counted(
                registry,
                "queue_seconds",
                "How long the oldest request of each batch waited, summed.",
                did -> did.lingerNanos() / NANOS_PER_SECOND);
        counted(registry, "model_seconds", "How long the model computed.", did -> did.modelNanos() / NANOS_PER_SECOND);
        gauge(
                registry,
                "batch_size_last",
                "Requests in the last batch.",
                () -> statistics().lastBatch());
        gauge(registry, "batch_size_max", "The most in one.", () -> statistics().largestBatch());
        gauge(
                registry,
                "waiting",
                "Contexts that wait for the model.",
                () -> statistics().waiting());
        gauge(
                registry,
                "row_bytes",
                "Memory of the rows that are kept.",
                () -> statistics().cachedBytes());
        gauge(registry, "state_tokens_max", "Tokens whose states can be kept.", service::keptTokens);
    }

    private void counted(
            PrometheusRegistry registry, String name, String help, ToDoubleFunction<ServiceStatistics> value) {
        counter(registry, name, help, () -> value.applyAsDouble(statistics()));
    }

    private static void counter(PrometheusRegistry registry, String name, String help, DoubleSupplier sum) {
        CounterWithCallback.builder()
                .name("bytelm_service_" + name)
                .help(help)
                .callback(show -> show.call(sum.getAsDouble()))
                .register(registry);
    }

    private static void gauge(PrometheusRegistry registry, String name, String help, DoubleSupplier level) {
        GaugeWithCallback.builder()
                .name("bytelm_service_" + name)
                .help(help)
                .callback(show -> show.call(level.getAsDouble()))
                .register(registry);
    }

    private ServiceStatistics statistics() {
        @Nullable ServiceStatistics statistics = service.statistics();
        return statistics == null ? ServiceStatistics.NONE : statistics;
    }
}
