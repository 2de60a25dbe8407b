package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Histogram;
import org.junit.jupiter.api.Test;

/** By Flink's clock in the test harness, which stands still until the test moves it. */
class ByteLatencyTest {
    private final ControlledService service = new ControlledService();
    private long offset;

    private MeteredOperator open() throws Exception {
        return new MeteredOperator(new SessionOperatorFactory<>(
                () -> service, service -> new AppendingLogic(), Types.STRING, SessionSettings.DEFAULT));
    }

    private void process(MeteredOperator operator, String op, String text) throws Exception {
        operator.process(SessionOperatorHarness.record("a", op, text, offset++));
    }

    private void answer(MeteredOperator operator, long atMillis) throws Exception {
        operator.flink.setProcessingTime(atMillis);
        service.waiting().get(0).complete();
        operator.runMails();
    }

    private static double[] quantiles(MeteredOperator operator) {
        var statistics = operator.histogram("byteLatencyMicros").getStatistics();
        return new double[] {statistics.getQuantile(0.5), statistics.getQuantile(0.95), statistics.getQuantile(0.99)};
    }

    @Test
    void timeCountsFromTheArrivalToTheLastOutputAndIsSharedByTheBytes() throws Exception {
        try (var operator = open()) {
            Histogram latency = operator.histogram("byteLatencyMicros");
            operator.flink.setProcessingTime(1000);
            process(operator, "bytes", "wxyz");
            process(operator, "bytes", "q"); // waits behind the other one
            for (int i = 1; i <= 4; i++) {
                assertThat(latency.getCount()).isZero();
                answer(operator, 1000 + 10 * i);
            }
            assertThat(latency.getCount()).isEqualTo(1);
            assertThat(latency.getStatistics().getMax()).isEqualTo(40_000 / 4);
            answer(operator, 1070);
            assertThat(latency.getCount()).isEqualTo(2);
            assertThat(latency.getStatistics().getMax()).isEqualTo(70_000);
        }
    }

    @Test
    void recordsThatBringNoTextOrAreRefusedAreLeftOut() throws Exception {
        try (var operator = open()) {
            process(operator, "bytes", "");
            process(operator, "end", "");
            process(operator, "nonsense", "text");
            assertThat(operator.count("numDeadLetters")).isEqualTo(1);
            assertThat(operator.histogram("byteLatencyMicros").getCount()).isZero();
            process(operator, "end", "text");
            assertThat(operator.histogram("byteLatencyMicros").getCount()).isEqualTo(1);
        }
    }

    @Test
    void theQuantilesAreThoseOfTheLastRecords() throws Exception {
        try (var operator = open()) {
            for (int i = 1; i <= 2048 + 100; i++) {
                operator.flink.setProcessingTime(10_000L * i);
                process(operator, "bytes", "x");
                answer(operator, 10_000L * i + (i <= 100 ? 9999 : (i - 100) % 100)); // the first 100 fall out
            }
            assertThat(operator.histogram("byteLatencyMicros").getCount()).isEqualTo(2148);
            assertThat(quantiles(operator)[0]).isBetween(48_000.0, 51_000.0);
            assertThat(quantiles(operator)[1]).isBetween(93_000.0, 96_000.0);
            assertThat(quantiles(operator)[2]).isBetween(97_000.0, 99_000.0);
        }
    }
}
