package io.bytelm.session;

import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.binary.ImmutableTypeInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.clusterframework.types.ResourceID;
import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;
import org.apache.flink.runtime.metrics.groups.TaskManagerMetricGroup;
import org.apache.flink.runtime.metrics.groups.TaskMetricGroup;
import org.apache.flink.runtime.metrics.util.TestingMetricRegistry;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;

/** The session operator in Flink's test harness, with a registry of metrics that can be read by name. */
final class MeteredOperator implements AutoCloseable {
    final OneInputStreamOperatorTestHarness<InputRecord, Result> flink;
    private final Map<String, Metric> metrics = new HashMap<>();

    <S> MeteredOperator(SessionOperatorFactory<S> factory) throws Exception {
        flink = new OneInputStreamOperatorTestHarness<>(
                factory,
                ImmutableTypeInfo.INPUT_RECORD.createSerializer(new SerializerConfigImpl()),
                new MockEnvironmentBuilder().setMetricGroup(taskGroup()).build());
        flink.getStreamConfig().setStatePartitioner(0, new SessionKey());
        flink.getStreamConfig().setStateKeySerializer(StringSerializer.INSTANCE);
        flink.getStreamConfig().serializeAllConfigs();
        flink.setup(ImmutableTypeInfo.RESULT.createSerializer(new SerializerConfigImpl()));
        flink.open();
    }

    private TaskMetricGroup taskGroup() {
        TestingMetricRegistry registry = TestingMetricRegistry.builder()
                .setRegisterConsumer((metric, name, group) -> metrics.put(name, metric))
                .build();
        return TaskManagerMetricGroup.createTaskManagerMetricGroup(registry, "host", ResourceID.generate())
                .addJob(new JobID(), "job")
                .addTask(ExecutionAttemptID.randomId(), "task");
    }

    void process(InputRecord record) throws Exception {
        flink.processElement(new StreamRecord<>(record));
    }

    /** Runs mails until there is none left. */
    void runMails() throws Exception {
        while (flink.getTaskMailbox().hasMail()) {
            flink.getTaskMailbox().take(0).run();
        }
    }

    long count(String name) {
        return ((Counter) metric(name)).getCount();
    }

    Object gauge(String name) {
        return ((Gauge<?>) metric(name)).getValue();
    }

    Histogram histogram(String name) {
        return (Histogram) metric(name);
    }

    private Metric metric(String name) {
        return Objects.requireNonNull(metrics.get(name), name);
    }

    @Override
    public void close() throws Exception {
        flink.close();
    }
}
