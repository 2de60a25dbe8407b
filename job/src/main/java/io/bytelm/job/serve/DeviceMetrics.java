package io.bytelm.job.serve;

import io.bytelm.lm.DeviceMemory;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The memory of the model's device, where it has memory of its own. Threads of the exporter read it. */
final class DeviceMetrics {
    private DeviceMetrics() {}

    /**
     * Shows nothing, not zeros, where the memory is not known; a moment in which it is not leaves a gap.
     *
     * @param memory asked now, and whenever it is shown
     */
    static void register(PrometheusRegistry registry, Supplier<@Nullable DeviceMemory> memory) {
        if (memory.get() != null) {
            show(registry, "used", "Taken, by whoever uses the device.", memory, DeviceMemory::usedBytes);
            show(registry, "total", "All that the device has.", memory, DeviceMemory::totalBytes);
        }
    }

    private static void show(
            PrometheusRegistry registry,
            String name,
            String help,
            Supplier<@Nullable DeviceMemory> memory,
            ToLongFunction<DeviceMemory> value) {
        GaugeWithCallback.builder()
                .name("bytelm_service_device_memory_" + name + "_bytes")
                .help(help)
                .callback(show -> {
                    DeviceMemory now = memory.get();
                    if (now != null) {
                        show.call(value.applyAsLong(now));
                    }
                })
                .register(registry);
    }
}
