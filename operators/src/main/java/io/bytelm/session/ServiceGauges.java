package io.bytelm.session;

import io.bytelm.lm.DeviceMemory;
import io.bytelm.service.ConnectionStatistics;
import io.bytelm.service.ServiceStatistics;
import io.bytelm.service.TrieLmService;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * What the service says of itself. The subtasks of a TaskManager share one service, so each of them shows the same
 * numbers, counted since the service was opened: do not sum them over subtasks.
 */
final class ServiceGauges {
    private final TrieLmService service;
    private final MetricGroup group;

    private ServiceGauges(TrieLmService service, MetricGroup group) {
        this.service = service;
        this.group = group;
    }

    /**
     * Shows what the service counts, and how much room it has for contexts; of several models in a group each, named by its
     * number from 1 on.
     */
    static void show(TrieLmService service, MetricGroup group) {
        List<TrieLmService> models = service.models();
        for (int i = 0; i < models.size(); i++) {
            showOne(models.get(i), models.size() == 1 ? group : group.addGroup("model", String.valueOf(i + 1)));
        }
    }

    private static void showOne(TrieLmService service, MetricGroup group) {
        group.gauge("serviceRoomTokens", (Gauge<Long>) service.room()::capacityTokens);
        group.gauge("serviceRoomTokensTaken", (Gauge<Long>) service.room()::takenTokens);
        if (service.statistics() != null) {
            new ServiceGauges(service, group).showAll();
        }
        if (service.connections() != null) {
            new ServiceGauges(service, group).showConnections();
        }
        if (service.deviceMemory() != null) {
            new ServiceGauges(service, group).showDeviceMemory();
        }
    }

    /** Of a model in this process; a service of its own shows its device's memory itself. */
    private void showDeviceMemory() {
        show("serviceDeviceMemoryUsedBytes", 0L, service::deviceMemory, DeviceMemory::usedBytes);
        show("serviceDeviceMemoryTotalBytes", 0L, service::deviceMemory, DeviceMemory::totalBytes);
    }

    private void showConnections() {
        showConnection("serviceEndpoints", 0, ConnectionStatistics::endpoints);
        showConnection("serviceEndpointsReady", 0, ConnectionStatistics::readyEndpoints);
        showConnection("serviceCalls", 0L, ConnectionStatistics::calls);
        showConnection("serviceAnswersAhead", 0L, ConnectionStatistics::answeredAhead);
        showConnection("serviceCallsUnanswered", 0, ConnectionStatistics::unanswered);
        showConnection("serviceCallsMoved", 0L, ConnectionStatistics::moved);
        showConnection("serviceContextsResent", 0L, ConnectionStatistics::resent);
        showConnection("serviceBytesSent", 0L, ConnectionStatistics::bytesSent);
        showConnection("serviceBytesReceived", 0L, ConnectionStatistics::bytesReceived);
    }

    private <T> void showConnection(String name, T none, Function<ConnectionStatistics, T> value) {
        show(name, none, service::connections, value);
    }

    private void showAll() {
        show("serviceEvaluations", 0L, ServiceStatistics::evaluations);
        show("serviceCacheHits", 0L, ServiceStatistics::cacheHits);
        show("serviceGuesses", 0L, ServiceStatistics::guesses);
        show("serviceGuessesUsed", 0L, ServiceStatistics::usedGuesses);
        show("serviceBatches", 0L, ServiceStatistics::batches);
        show("serviceBatchSizeMean", 0.0, ServiceStatistics::meanBatch);
        show("serviceBatchSizeMax", 0, ServiceStatistics::largestBatch);
        show("serviceBatchSizeLast", 0, ServiceStatistics::lastBatch);
        show("serviceLingerMillisMean", 0.0, ServiceStatistics::meanLingerMillis);
    }

    private <T> void show(String name, T none, Function<ServiceStatistics, T> value) {
        show(name, none, service::statistics, value);
    }

    /** Reporters' threads read it. */
    private <S, T> void show(String name, T none, Supplier<@Nullable S> source, Function<S, T> value) {
        group.gauge(name, (Gauge<T>) () -> {
            @Nullable S statistics = source.get();
            return statistics == null ? none : value.apply(statistics);
        });
    }
}
