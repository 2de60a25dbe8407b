package io.bytelm.session;

import io.bytelm.record.Alert;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Restarted;
import io.bytelm.record.OutputRecord.Result;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Scores and what is decoded go to the main output, dead letters to {@link DeadLetters#OUTPUT}, alerts to {@link Alerts#OUTPUT}, each with its element's timestamp. */
final class SessionOutput {
    private final Output<StreamRecord<Result>> output;
    private final SessionMetrics metrics;

    SessionOutput(Output<StreamRecord<Result>> output, SessionMetrics metrics) {
        this.output = output;
        this.metrics = metrics;
    }

    void emit(OutputRecord record, InFlightElement cause) {
        if (record instanceof Alert alert) {
            output.collect(Alerts.OUTPUT, stamped((Result) alert, cause));
        } else if (record instanceof Result result) {
            metrics.emitted(result instanceof Restarted restarted ? restarted.result() : result);
            output.collect(stamped(result, cause));
        } else if (record instanceof DeadLetter deadLetter) {
            metrics.deadLetter();
            output.collect(DeadLetters.OUTPUT, stamped(deadLetter, cause));
        }
    }

    private static <T> StreamRecord<T> stamped(T value, InFlightElement cause) {
        return cause.hasTimestamp() ? new StreamRecord<>(value, cause.timestampMillis()) : new StreamRecord<>(value);
    }
}
