package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Watermarks and their status stay behind the elements that came before them. */
class SessionWatermarkTest {
    private final ControlledService service = new ControlledService();
    private SessionOperatorHarness<String> operator;

    @BeforeEach
    void open() throws Exception {
        operator = SessionOperatorHarness.appending(service);
    }

    @AfterEach
    void close() throws Exception {
        operator.close();
    }

    /** Scores as their timestamps, watermarks and status as they are. */
    private List<Object> events() {
        return operator.output.events.stream()
                .map(event -> event instanceof StreamRecord<?> record ? (Object) record.getTimestamp() : event)
                .toList();
    }

    @Test
    void aWatermarkWithNothingBeforeItPassesAtOnce() throws Exception {
        operator.flink.processWatermark(5);
        operator.flink.processWatermarkStatus(WatermarkStatus.IDLE);
        assertThat(events()).containsExactly(new Watermark(5), WatermarkStatus.IDLE);
    }

    @Test
    void aWatermarkWaitsForEveryElementBeforeItAndForNoneAfterIt() throws Exception {
        operator.processAt(1, "a", "x");
        operator.processAt(2, "b", "x");
        operator.flink.processWatermark(5);
        operator.processAt(6, "c", "x");
        operator.flink.processWatermark(8);
        operator.flink.processWatermark(9);
        operator.answer(service, "c:x", "b:x");
        assertThat(events()).containsExactly(6L, 2L);
        operator.answer(service, "a:x");
        assertThat(events()).containsExactly(6L, 2L, 1L, new Watermark(5), new Watermark(9));
    }

    @Test
    void anOutputThatTurnsIdleStillGetsTheWatermarkBefore() throws Exception {
        operator.processAt(1, "a", "x");
        operator.flink.processWatermark(5);
        operator.flink.processWatermarkStatus(WatermarkStatus.IDLE);
        assertThat(events()).isEmpty();
        operator.answer(service, "a:x");
        assertThat(events()).containsExactly(1L, new Watermark(5), WatermarkStatus.IDLE);
    }

    @Test
    void anOutputThatTurnsActiveDoesSoBeforeTheWatermark() throws Exception {
        operator.flink.processWatermarkStatus(WatermarkStatus.IDLE);
        operator.processAt(1, "a", "x");
        operator.flink.processWatermarkStatus(WatermarkStatus.ACTIVE);
        operator.flink.processWatermark(5);
        operator.answer(service, "a:x");
        assertThat(events()).containsExactly(WatermarkStatus.IDLE, 1L, WatermarkStatus.ACTIVE, new Watermark(5));
    }

    @Test
    void elementsRestoredFromASnapshotHoldWatermarksBackToo() throws Exception {
        operator.processAt(1, "a", "x");
        var state = operator.flink.snapshot(1, 1);
        operator.close();
        operator = SessionOperatorHarness.appending(
                SessionOperatorHarness.Subtask.restored(state), service, SessionSettings.DEFAULT);
        operator.runMails();
        operator.flink.processWatermark(5);
        assertThat(events()).isEmpty();
        operator.answer(service, "a:x");
        assertThat(events()).containsExactly(1L, new Watermark(5));
    }
}
