package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.ModelException;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.binary.ImmutableTypeInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.Types;
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
import org.junit.jupiter.api.Test;

/** What an operator's metrics show, under the names that dashboards use. */
class SessionMetricsTest {
    private static final long TIMEOUT_MILLIS = 1000;

    private final Map<String, Metric> metrics = new HashMap<>();
    private final ControlledService service = new ControlledService();
    private long offset;

    private TaskMetricGroup taskGroup() {
        TestingMetricRegistry registry = TestingMetricRegistry.builder()
                .setRegisterConsumer((metric, name, group) -> metrics.put(name, metric))
                .build();
        return TaskManagerMetricGroup.createTaskManagerMetricGroup(registry, "host", ResourceID.generate())
                .addJob(new JobID(), "job")
                .addTask(ExecutionAttemptID.randomId(), "task");
    }

    private OneInputStreamOperatorTestHarness<InputRecord, Result> open() throws Exception {
        SessionSettings settings = new SessionSettings(
                100, 32, new RetrySettings(2, TIMEOUT_MILLIS, 10, 10, 0), ServiceFailurePolicy.DEAD_LETTER, 0);
        var harness = new OneInputStreamOperatorTestHarness<>(
                new SessionOperatorFactory<>(() -> service, vocabulary -> new AppendingLogic(), Types.STRING, settings),
                ImmutableTypeInfo.INPUT_RECORD.createSerializer(new SerializerConfigImpl()),
                new MockEnvironmentBuilder().setMetricGroup(taskGroup()).build());
        harness.getStreamConfig().setStatePartitioner(0, new SessionKey());
        harness.getStreamConfig().setStateKeySerializer(StringSerializer.INSTANCE);
        harness.getStreamConfig().serializeAllConfigs();
        harness.setup(ImmutableTypeInfo.RESULT.createSerializer(new SerializerConfigImpl()));
        harness.open();
        return harness;
    }

    private void process(OneInputStreamOperatorTestHarness<InputRecord, Result> operator, String session, String text)
            throws Exception {
        operator.processElement(new StreamRecord<>(SessionOperatorHarness.record(session, null, text, offset++)));
    }

    private static void runMails(OneInputStreamOperatorTestHarness<InputRecord, Result> operator) throws Exception {
        while (operator.getTaskMailbox().hasMail()) {
            operator.getTaskMailbox().take(0).run();
        }
    }

    private Metric metric(String name) {
        return Objects.requireNonNull(metrics.get(name), name);
    }

    private long count(String name) {
        return ((Counter) metric(name)).getCount();
    }

    private Object gauge(String name) {
        return ((Gauge<?>) metric(name)).getValue();
    }

    @Test
    void metricsCountWhatHappens() throws Exception {
        try (var operator = open()) {
            process(operator, "a", "xy");
            process(operator, "a", "z");
            process(operator, "b", "x");
            operator.processWatermark(5);
            assertThat(gauge("recordsInFlight")).isEqualTo(3L);
            assertThat(gauge("sessionsInFlight")).isEqualTo(2L);
            assertThat(gauge("serviceAttemptsInFlight")).isEqualTo(2L);
            assertThat(gauge("watermarksHeldBack")).isEqualTo(1L);

            service.fail("b:x", new ModelException("no"));
            for (String path : new String[] {"a:x", "a:xy", "a:xyz"}) {
                service.answer(path);
                runMails(operator);
            }
            operator.setProcessingTime(10);
            operator.setProcessingTime(10 + TIMEOUT_MILLIS); // b's second and last attempt
            service.answer("b:x");
            runMails(operator);
        }
        assertThat(gauge("recordsInFlight")).isEqualTo(0L);
        assertThat(gauge("watermarksHeldBack")).isEqualTo(0L);
        assertThat(count("numSessionBytesIn")).isEqualTo(3);
        assertThat(count("numSessionsStarted")).isEqualTo(1);
        assertThat(count("numServiceRequests")).isEqualTo(5);
        assertThat(count("numServiceFailures")).isEqualTo(1);
        assertThat(count("numServiceRetries")).isEqualTo(1);
        assertThat(count("numServiceTimeouts")).isEqualTo(1);
        assertThat(count("numLateAnswers")).isEqualTo(1);
        assertThat(count("numDeadLetters")).isEqualTo(1);
        assertThat(((Histogram) metric("serviceLatencyMillis")).getCount()).isEqualTo(4);
    }
}
