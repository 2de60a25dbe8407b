package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.DeviceMemory;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.TrieLmService;
import io.bytelm.trie.ToyVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ServiceGaugesTest {
    private final Map<String, Gauge<?>> shown = new HashMap<>();
    private @Nullable DeviceMemory memory;

    @Test
    void theMemoryOfADeviceIsShownAsItIsNowAndAsNothingWhileTheDeviceDoesNotSay() {
        memory = new DeviceMemory(3, 8);
        ServiceGauges.show(new ServiceOnADevice(), new RecordingGroup());

        memory = new DeviceMemory(5, 8);
        assertThat(value("serviceDeviceMemoryUsedBytes")).isEqualTo(5L);
        assertThat(value("serviceDeviceMemoryTotalBytes")).isEqualTo(8L);
        memory = null;
        assertThat(value("serviceDeviceMemoryUsedBytes")).isEqualTo(0L);
    }

    @Test
    void aDeviceWithoutMemoryOfItsOwnHasNoSuchGauges() {
        ServiceGauges.show(new ServiceOnADevice(), new RecordingGroup());

        assertThat(shown).containsKey("serviceRoomTokens");
        assertThat(shown.keySet()).noneMatch(name -> name.contains("DeviceMemory"));
    }

    private @Nullable Object value(String name) {
        Gauge<?> gauge = shown.get(name);
        return gauge == null ? null : gauge.getValue();
    }

    private final class RecordingGroup extends UnregisteredMetricsGroup {
        @Override
        public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
            shown.put(name, gauge);
            return gauge;
        }
    }

    private final class ServiceOnADevice implements TrieLmService {
        @Override
        public Vocabulary vocabulary() {
            return ToyVocabulary.of("<s>", "a");
        }

        @Override
        public CompletableFuture<Expansion> expand(ExpandRequest request) {
            return new CompletableFuture<>();
        }

        @Override
        public @Nullable DeviceMemory deviceMemory() {
            return memory;
        }

        @Override
        public void close() {}
    }
}
