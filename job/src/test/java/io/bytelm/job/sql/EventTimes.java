package io.bytelm.job.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.types.Row;

/** Rows of three sessions whose times grow, each followed by a watermark of its own time. */
final class EventTimes {
    static final String PIECE = "It was a ";

    private EventTimes() {}

    static DataStream<Row> everySecond(StreamExecutionEnvironment env, long firstMillis, int count) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(Row.of("s" + i % 3, PIECE, firstMillis + i * 1000L));
        }
        return env.fromCollection(
                        rows,
                        Types.ROW_NAMED(
                                new String[] {"session", "content", "millis"}, Types.STRING, Types.STRING, Types.LONG))
                .assignTimestampsAndWatermarks(WatermarkStrategy.<Row>forGenerator(context -> new AfterEach())
                        .withTimestampAssigner((row, before) -> (Long) row.getFieldAs("millis")));
    }

    private static final class AfterEach implements WatermarkGenerator<Row> {
        @Override
        public void onEvent(Row event, long timestampMillis, WatermarkOutput output) {
            output.emitWatermark(new Watermark(timestampMillis));
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {}
    }
}
