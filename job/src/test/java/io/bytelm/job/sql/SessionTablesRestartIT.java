package io.bytelm.job.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A job that fails in the middle of its sessions goes on from its checkpoint. */
class SessionTablesRestartIT {
    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    private static final int SESSIONS = 3;
    private static final int PIECES_EACH = 24;
    private static final String PIECE = "the old man ";

    /** So slowly that there are checkpoints between them. */
    private static final double PIECES_A_SECOND = 6;

    @Test
    void eachRowIsScoredOnceAsIfNothingHadHappened() throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.configure(new Configuration().set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay"));
        env.setParallelism(1);
        env.enableCheckpointing(100);
        StreamTableEnvironment tables = StreamTableEnvironment.create(env);
        FailsOnce.HAS_FAILED.set(false);

        Table scores = SessionScores.of(tables, tables.fromDataStream(pieces(env)), Map.of("top", "0"));
        List<Row> rows = new ArrayList<>();
        try (CloseableIterator<Row> results = tables.toDataStream(scores)
                .map(new FailsOnce())
                .returns(Types.ROW_NAMED(
                        new String[] {"session", "byte_count", "log_likelihood"},
                        Types.STRING,
                        Types.LONG,
                        Types.DOUBLE))
                .executeAndCollect()) {
            results.forEachRemaining(rows::add);
        }

        assertThat(FailsOnce.HAS_FAILED).isTrue();
        assertThat(rows).hasSize(SESSIONS * PIECES_EACH);
        try (DirectBeam beam = new DirectBeam()) {
            double[] expected = beam.logLikelihoods(PIECE.repeat(PIECES_EACH).getBytes(UTF_8), 0.001);
            for (int session = 0; session < SESSIONS; session++) {
                String name = "s" + session;
                List<Row> own = rows.stream()
                        .filter(row -> row.getFieldAs("session").equals(name))
                        .toList();
                assertThat(own).hasSize(PIECES_EACH);
                for (int i = 0; i < PIECES_EACH; i++) {
                    int bytes = (i + 1) * PIECE.length();
                    assertThat((Long) own.get(i).getFieldAs("byte_count")).isEqualTo(bytes);
                    assertThat((Double) own.get(i).getFieldAs("log_likelihood"))
                            .isCloseTo(expected[bytes], within(1e-4));
                }
            }
        }
    }

    private static DataStream<Row> pieces(StreamExecutionEnvironment env) {
        TypeInformation<Row> type = Types.ROW_NAMED(new String[] {"session", "content"}, Types.STRING, Types.STRING);
        GeneratorFunction<Long, Row> piece = number -> Row.of("s" + number % SESSIONS, PIECE);
        return env.fromSource(
                new DataGeneratorSource<>(
                        piece, SESSIONS * PIECES_EACH, RateLimiterStrategy.perSecond(PIECES_A_SECOND), type),
                WatermarkStrategy.noWatermarks(),
                "pieces",
                type);
    }

    /** Fails at the first row after a checkpoint that had rows in it. */
    private static final class FailsOnce implements MapFunction<Row, Row>, CheckpointListener {
        static final AtomicBoolean HAS_FAILED = new AtomicBoolean();
        private static final long serialVersionUID = 1;

        private int seen;
        private boolean hasCheckpoint;

        @Override
        public Row map(Row row) {
            seen++;
            if (hasCheckpoint && !HAS_FAILED.getAndSet(true)) {
                throw new IllegalStateException("the failure that this test is about");
            }
            return Row.of(row.getField("session"), row.getField("byte_count"), row.getField("log_likelihood"));
        }

        @Override
        public void notifyCheckpointComplete(long checkpointId) {
            hasCheckpoint = seen > SESSIONS;
        }
    }
}
