package io.bytelm.job.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.streaming.connectors.kafka.internals.metrics.KafkaMetricMutableWrapper;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.Metric;

/**
 * What Flink shows of a writer: its own counts, {@code numRecordsCut}, and under {@code KafkaProducer} what the producer
 * measures that writes.
 */
final class WriterMetrics {
    private static final String GROUP = "KafkaProducer";

    private final SinkWriterMetricGroup group;
    private final MetricGroup ofProducer;
    private final Counter cut;
    private final Map<String, KafkaMetricMutableWrapper> shown = new HashMap<>();

    WriterMetrics(SinkWriterMetricGroup group) {
        this.group = group;
        this.ofProducer = group.addGroup(GROUP);
        this.cut = group.counter("numRecordsCut");
        group.setCurrentSendTimeGauge(() -> millis("request-latency-avg") + millis("record-queue-time-avg"));
    }

    /** Another producer writes from now on. */
    void follow(Producer<?, ?> producer) {
        producer.metrics().forEach((name, metric) -> show(name.name(), metric));
    }

    private void show(String name, Metric metric) {
        KafkaMetricMutableWrapper known = shown.get(name);
        if (known != null) {
            known.setKafkaMetric(metric);
            return;
        }
        KafkaMetricMutableWrapper gauge = new KafkaMetricMutableWrapper(metric);
        shown.put(name, gauge);
        ofProducer.gauge(name, gauge);
    }

    private long millis(String name) {
        KafkaMetricMutableWrapper gauge = shown.get(name);
        return gauge == null ? 0 : gauge.getValue().longValue();
    }

    /** @param bytes Kafka's estimate of the record's size */
    void sent(int bytes) {
        group.getIOMetricGroup().getNumRecordsOutCounter().inc();
        group.getIOMetricGroup().getNumBytesOutCounter().inc(bytes);
    }

    /** A record was too large to be written whole. */
    void recordCut() {
        cut.inc();
    }

    void failed() {
        group.getNumRecordsOutErrorsCounter().inc();
    }
}
