package io.bytelm.session;

import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.OutputRecord.Score;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.event.WatermarkEvent;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributes;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** Keeps everything an operator emits, in order and by reference. */
final class RecordingOutput implements Output<StreamRecord<Result>> {
    /** Scores, dead letters (each as a {@link StreamRecord}), watermarks, their status, latency markers. */
    final List<Object> events = new ArrayList<>();

    private @Nullable RuntimeException failure;

    /** From now on no score is taken. */
    void failWith(RuntimeException why) {
        failure = why;
    }

    List<Score> scores() {
        return valuesOf(Score.class);
    }

    List<DeadLetter> deadLetters() {
        return valuesOf(DeadLetter.class);
    }

    private <T> List<T> valuesOf(Class<T> type) {
        return events.stream()
                .filter(event -> event instanceof StreamRecord<?> record && type.isInstance(record.getValue()))
                .map(event -> type.cast(((StreamRecord<?>) event).getValue()))
                .toList();
    }

    @Override
    public void collect(StreamRecord<Result> record) {
        if (failure != null) {
            throw failure;
        }
        events.add(record);
    }

    @Override
    public <X> void collect(OutputTag<X> tag, StreamRecord<X> record) {
        if (!tag.equals(DeadLetters.OUTPUT)) {
            throw new AssertionError("unknown side output " + tag);
        }
        events.add(record);
    }

    @Override
    public void emitWatermark(Watermark watermark) {
        events.add(watermark);
    }

    @Override
    public void emitWatermarkStatus(WatermarkStatus status) {
        events.add(status);
    }

    @Override
    public void emitLatencyMarker(LatencyMarker marker) {
        events.add(marker);
    }

    @Override
    public void emitRecordAttributes(RecordAttributes attributes) {}

    @Override
    public void emitWatermark(WatermarkEvent watermark) {}

    @Override
    public void close() {}
}
