package io.bytelm.session;

import java.util.concurrent.TimeUnit;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.apache.flink.util.clock.Clock;

/**
 * How long a record takes, for each byte of text that it brings: from when it reaches the operator, so also while it waits
 * behind others, to when its last output is emitted. The histogram shows the last {@value #WINDOW} records that brought
 * text and were not refused; each costs a reading of the clock at either end and a number in an array. Written on the task
 * thread.
 */
final class ByteLatency {
    /** Its unit is microseconds per byte. */
    static final String NAME = "byteLatencyMicros";

    private static final int WINDOW = 2048;

    private final Clock clock;
    private final Histogram micros;

    ByteLatency(MetricGroup group, Clock clock) {
        this.clock = clock;
        this.micros = group.histogram(NAME, new DescriptiveStatisticsHistogram(WINDOW));
    }

    /** For {@link #answered}; what was in flight at a checkpoint begins with the restore. */
    long nowNanos() {
        return clock.relativeTimeNanos();
    }

    /** All outputs of the record have been emitted. */
    void answered(InFlightElement element) {
        boolean isText = !"open".equals(element.record().op());
        int bytes = element.valueBytes();
        if (isText && bytes > 0) {
            micros.update(TimeUnit.NANOSECONDS.toMicros((nowNanos() - element.arrivedNanos()) / bytes));
        }
    }
}
