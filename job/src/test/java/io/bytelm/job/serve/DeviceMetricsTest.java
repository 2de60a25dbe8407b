package io.bytelm.job.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.DeviceMemory;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeviceMetricsTest {
    @Test
    void aDeviceWithoutMemoryOfItsOwnHasNoGauges() {
        PrometheusRegistry registry = new PrometheusRegistry();
        DeviceMetrics.register(registry, () -> null);
        assertThat(registry.scrape()).isEmpty();
    }

    @Test
    void whatADeviceSaysIsShownAndWhatItDoesNotSayIsAGap() {
        AtomicReference<@Nullable DeviceMemory> memory = new AtomicReference<>(new DeviceMemory(3, 8));
        PrometheusRegistry registry = new PrometheusRegistry();
        DeviceMetrics.register(registry, memory::get);

        assertThat(values(registry)).containsExactlyInAnyOrder(3.0, 8.0);
        memory.set(new DeviceMemory(5, 8));
        assertThat(values(registry)).containsExactlyInAnyOrder(5.0, 8.0);
        memory.set(null);
        assertThat(values(registry)).isEmpty();
    }

    @Test
    void theDashboardNamesTheseGauges() throws IOException {
        PrometheusRegistry registry = new PrometheusRegistry();
        DeviceMetrics.register(registry, () -> new DeviceMemory(3, 8));
        String dashboard = Files.readString(Path.of("../docker/grafana/bytelm.json"));

        assertThat(Pattern.compile("\\bbytelm_service_device_\\w+")
                        .matcher(dashboard)
                        .results()
                        .map(MatchResult::group))
                .containsExactlyInAnyOrderElementsOf(registry.scrape().stream()
                        .map(metric -> metric.getMetadata().getPrometheusName())
                        .toList());
    }

    private static List<Double> values(PrometheusRegistry registry) {
        return registry.scrape().stream()
                .flatMap(metric -> ((GaugeSnapshot) metric).getDataPoints().stream())
                .map(GaugeSnapshot.GaugeDataPointSnapshot::getValue)
                .toList();
    }
}
