package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.ModelException;
import io.bytelm.lm.PortableModel;
import io.bytelm.lm.ReorderedModel;
import io.bytelm.record.InputRecord;
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
import org.apache.flink.api.common.typeinfo.Types;
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

    private final ControlledService service = new ControlledService();
    private long offset;

    private MeteredOperator open() throws Exception {
        return new MeteredOperator(
                new SessionOperatorFactory<>(() -> service, service -> new AppendingLogic(), Types.STRING, SETTINGS));
    }

    private void process(MeteredOperator operator, String session, String text) throws Exception {
        operator.process(SessionOperatorHarness.record(session, null, text, offset++));
    }

    @Test
    void checkpointsThatFailAndTheTimeSinceTheLastOneAreShown() throws Exception {
        try (var operator = open()) {
            operator.flink.setProcessingTime(70_000);
            operator.flink.getOperator().notifyCheckpointAborted(1);
            operator.flink.getOperator().notifyCheckpointAborted(2);
            assertThat(operator.gauge("checkpointsFailedInARow")).isEqualTo(2L);
            assertThat(operator.gauge("millisSinceLastCheckpoint")).isEqualTo(70_000L);
            operator.flink.getOperator().notifyCheckpointComplete(3);
            operator.flink.setProcessingTime(71_000);
            assertThat(operator.gauge("checkpointsFailedInARow")).isEqualTo(0L);
            assertThat(operator.gauge("millisSinceLastCheckpoint")).isEqualTo(1_000L);
        }
    }

    @Test
    void metricsCountWhatHappens() throws Exception {
        try (var operator = open()) {
            process(operator, "a", "xy");
            process(operator, "a", "z");
            process(operator, "b", "x");
            operator.flink.processWatermark(5);
            assertThat(operator.gauge("recordsInFlight")).isEqualTo(3L);
            assertThat(operator.gauge("sessionsInFlight")).isEqualTo(2L);
            assertThat(operator.gauge("serviceAttemptsInFlight")).isEqualTo(2L);
            assertThat(operator.gauge("watermarksHeldBack")).isEqualTo(1L);

            service.fail("b:x", new ModelException("no"));
            for (String path : new String[] {"a:x", "a:xy", "a:xyz"}) {
                service.answer(path);
                operator.runMails();
            }
            operator.flink.setProcessingTime(10);
            service.answer("b:x");
            operator.flink.setProcessingTime(
                    10 + TIMEOUT_MILLIS); // b's last attempt: the time runs out before its mail
            operator.runMails();
            assertThatAllIsCounted(operator);
        }
    }

    @Test
    void recordsAtWhichTheLogicFailsAreCounted() throws Exception {
        try (var operator = open()) {
            SourcePosition source = new SourcePosition("in", 0, 0, 0);
            operator.process(new InputRecord(new byte[] {'a'}, null, null, null, source)); // the toy needs a value
            assertThat(operator.count("numInternalErrors")).isEqualTo(1);
            assertThat(operator.count("numDeadLetters")).isEqualTo(1);
            assertThat(operator.gauge("recordsInFlight")).isEqualTo(0L);
        }
    }

    private static void assertThatAllIsCounted(MeteredOperator operator) {
        assertThat(operator.gauge("recordsInFlight")).isEqualTo(0L);
        assertThat(operator.gauge("watermarksHeldBack")).isEqualTo(0L);
        assertThat(operator.count("numSessionBytesIn")).isEqualTo(3);
        assertThat(operator.count("numSessionsStarted")).isEqualTo(1);
        assertThat(operator.count("numServiceRequests")).isEqualTo(5);
        assertThat(operator.count("numServiceFailures")).isEqualTo(1);
        assertThat(operator.count("numServiceRetries")).isEqualTo(1);
        assertThat(operator.count("numServiceTimeouts")).isEqualTo(1);
        assertThat(operator.count("numLateAnswers")).isEqualTo(1);
        assertThat(operator.count("numDeadLetters")).isEqualTo(1);
        assertThat(operator.histogram("serviceLatencyMillis").getCount()).isEqualTo(4);
    }

    @Test
    void aServiceThatIsLeftAloneAndRecordsThatWaitAreShown() throws Exception {
        try (var operator = open()) {
            process(operator, "a", "x");
            process(operator, "a", "yz");
            process(operator, "b", "x");
            assertThat(operator.gauge("recordsWaiting")).isEqualTo(1L);
            assertThat(operator.gauge("bytesInFlight")).isEqualTo(3L + 4L);
            assertThat(operator.gauge("serviceBreakerState")).isEqualTo(0L);
            service.fail("a:x", new ModelException("no"));
            service.fail("b:x", new ModelException("no"));
            operator.runMails();
            assertThat(operator.count("numServiceBreakerOpenings")).isEqualTo(1);
            assertThat(operator.gauge("serviceBreakerState")).isEqualTo(2L);
            process(operator, "c", "x");
            assertThat(operator.gauge("serviceCallsWaiting")).isEqualTo(2L);
            operator.flink.setProcessingTime(100);
            assertThat(operator.gauge("serviceBreakerState")).isEqualTo(1L);
            service.waiting().get(0).complete();
            operator.runMails();
            assertThat(operator.gauge("serviceBreakerState")).isEqualTo(0L);
            assertThat(operator.gauge("serviceCallsWaiting")).isEqualTo(0L);
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
        try (var operator = new MeteredOperator(new SessionOperatorFactory<>(
                shared,
                opened -> new AllSessionsLogic(
                        SessionDefaults.STANDARD, opened.vocabulary(), opened.contextTokens(), Runnable::run),
                ImmutableTypeInfo.SESSION_STATE,
                SETTINGS))) {
            send(operator, "ended", null, null, "the end");
            send(operator, "ended", "end", null, "");
            send(operator, "ended", null, null, "late");
            send(operator, "idle", null, "7", "the end");
            send(operator, "idle", null, "7", "the end");
            send(operator, "drawn", "open", null, "{\"mode\": \"driven\", \"max_bytes\": 2}");
            operator.flink.endInput();
            assertThat(operator.count("numSessionsStarted")).isEqualTo(3);
            assertThat(operator.count("numSessionsEnded")).isEqualTo(2);
            assertThat(operator.count("numRepeatsDropped")).isEqualTo(1);
            assertThat(operator.histogram("beamSize").getStatistics().getMin()).isPositive();
            operator.flink.setProcessingTime(2 * TTL_MILLIS);
            assertThat(operator.count("numSessionsExpired"))
                    .as("open ones only")
                    .isEqualTo(1);
            ServiceStatistics statistics = embedded.statistics();
            assertThat(operator.gauge("serviceEvaluations")).isEqualTo(statistics.evaluations());
            assertThat(operator.gauge("serviceCacheHits")).isEqualTo(statistics.cacheHits());
            assertThat(statistics.cacheHits()).isPositive();
            assertThat(operator.gauge("serviceBatches")).isEqualTo(statistics.batches());
            assertThat((Double) operator.gauge("serviceBatchSizeMean"))
                    .isBetween(1.0, (double) statistics.largestBatch());
            assertThat(operator.gauge("serviceBatchSizeMax")).isEqualTo(statistics.largestBatch());
            assertThat((Integer) operator.gauge("serviceBatchSizeLast")).isPositive();
            assertThat((Double) operator.gauge("serviceLingerMillisMean")).isPositive();
        }
    }

    private void send(
            MeteredOperator operator, String session, @Nullable String op, @Nullable String sequence, String value)
            throws Exception {
        SourcePosition source = new SourcePosition("in", 0, offset++, 0);
        operator.process(new InputRecord(session.getBytes(UTF_8), op, sequence, value.getBytes(UTF_8), source));
    }
}
