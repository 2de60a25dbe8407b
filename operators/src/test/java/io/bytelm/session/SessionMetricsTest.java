package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.ModelException;
import io.bytelm.lm.PortableModel;
import io.bytelm.lm.ReorderedModel;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.binary.ImmutableTypeInfo;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ServiceSettings;
import io.bytelm.service.ServiceSource;
import io.bytelm.service.ServiceStatistics;
import io.bytelm.service.SharedService;
import io.bytelm.vocab.RecordedVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.nio.file.Path;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an operator's metrics show, under the names that dashboards use. */
class SessionMetricsTest {
    private static final long TIMEOUT_MILLIS = 1000;
    private static final long TTL_MILLIS = 160_000;
    private static final SessionSettings SETTINGS = new SessionSettings(
            100,
            1000,
            1 << 20,
            32,
            new RetrySettings(2, TIMEOUT_MILLIS, 10, 10, 0),
            new BreakerSettings(2, 100, 100),
            ServiceFailurePolicy.DEAD_LETTER,
            TTL_MILLIS);

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
        return open(new SessionOperatorFactory<>(
                () -> service, vocabulary -> new AppendingLogic(), Types.STRING, SETTINGS));
    }

    private <S> OneInputStreamOperatorTestHarness<InputRecord, Result> open(SessionOperatorFactory<S> factory)
            throws Exception {
        var harness = new OneInputStreamOperatorTestHarness<>(
                factory,
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

    @Test
    void aServiceThatIsLeftAloneAndRecordsThatWaitAreShown() throws Exception {
        try (var operator = open()) {
            process(operator, "a", "x");
            process(operator, "a", "yz");
            process(operator, "b", "x");
            assertThat(gauge("recordsWaiting")).isEqualTo(1L);
            assertThat(gauge("bytesInFlight")).isEqualTo(3L + 4L);
            assertThat(gauge("serviceBreakerState")).isEqualTo(0L);
            service.fail("a:x", new ModelException("no"));
            service.fail("b:x", new ModelException("no"));
            runMails(operator);
            assertThat(count("numServiceBreakerOpenings")).isEqualTo(1);
            assertThat(gauge("serviceBreakerState")).isEqualTo(2L);
            process(operator, "c", "x");
            assertThat(gauge("serviceCallsWaiting")).isEqualTo(2L);
            operator.setProcessingTime(100);
            assertThat(gauge("serviceBreakerState")).isEqualTo(1L);
            service.waiting().get(0).complete();
            runMails(operator);
            assertThat(gauge("serviceBreakerState")).isEqualTo(0L);
            assertThat(gauge("serviceCallsWaiting")).isEqualTo(0L);
        }
    }

    @Test
    void sessionsAreCountedWhenTheyStartEndAndExpireAndRepeatsWhenTheyAreDropped() throws Exception {
        Vocabulary english = RecordedVocabulary.read(Path.of("src/test/resources/conformance/vocab-english.json"));
        EmbeddedTrieLmService embedded = EmbeddedTrieLmService.open(
                english,
                order -> new ReorderedModel(new PortableModel(english.size()), order),
                ServiceSettings.defaults());
        ServiceSource shared = () -> SharedService.join(this, () -> embedded);
        try (var operator = open(new SessionOperatorFactory<>(
                shared,
                vocabulary -> new AllSessionsLogic(SessionDefaults.STANDARD, vocabulary, Runnable::run),
                ImmutableTypeInfo.SESSION_STATE,
                SETTINGS))) {
            send(operator, "ended", null, null, "the end");
            send(operator, "ended", "end", null, "");
            send(operator, "ended", null, null, "late");
            send(operator, "idle", null, "7", "the end");
            send(operator, "idle", null, "7", "the end");
            send(operator, "drawn", "open", null, "{\"mode\": \"driven\", \"max_bytes\": 2}");
            operator.endInput();
            assertThat(count("numSessionsStarted")).isEqualTo(3);
            assertThat(count("numSessionsEnded")).isEqualTo(2);
            assertThat(count("numRepeatsDropped")).isEqualTo(1);
            assertThat(((Histogram) metric("beamSize")).getStatistics().getMin())
                    .isPositive();
            operator.setProcessingTime(2 * TTL_MILLIS);
            assertThat(count("numSessionsExpired")).as("open ones only").isEqualTo(1);
            ServiceStatistics statistics = embedded.statistics();
            assertThat(gauge("serviceEvaluations")).isEqualTo(statistics.evaluations());
            assertThat(gauge("serviceCacheHits")).isEqualTo(statistics.cacheHits());
            assertThat(statistics.cacheHits()).isPositive();
            assertThat(gauge("serviceBatches")).isEqualTo(statistics.batches());
            assertThat((Double) gauge("serviceBatchSizeMean")).isBetween(1.0, (double) statistics.largestBatch());
            assertThat(gauge("serviceBatchSizeMax")).isEqualTo(statistics.largestBatch());
            assertThat((Integer) gauge("serviceBatchSizeLast")).isPositive();
            assertThat((Double) gauge("serviceLingerMillisMean")).isPositive();
        }
    }

    private void send(
            OneInputStreamOperatorTestHarness<InputRecord, Result> operator,
            String session,
            @Nullable String op,
            @Nullable String sequence,
            String value)
            throws Exception {
        SourcePosition source = new SourcePosition("in", 0, offset++, 0);
        operator.processElement(new StreamRecord<>(
                new InputRecord(session.getBytes(UTF_8), op, sequence, value.getBytes(UTF_8), source)));
    }
}
