package io.bytelm.job.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.dist.SymbolLogProb;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Sessions through Flink's planner, on the bundled model; numbers are those of the beam without SQL. */
class SessionTablesIT {
    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    private static final Path SCRIPT = Path.of("..", "configs", "sessions.sql");
    private static final double NATS = 1e-4;
    private static final double ROUNDED = 6e-4;

    private static DirectBeam beam;

    private SqlSession sql;

    @BeforeAll
    static void openModel() {
        beam = new DirectBeam();
    }

    @AfterAll
    static void closeModel() {
        beam.close();
    }

    @BeforeEach
    void begin() {
        sql = new SqlSession();
    }

    private static double logLikelihood(String text, double pruneThreshold) {
        byte[] bytes = text.getBytes(UTF_8);
        return beam.logLikelihoods(bytes, pruneThreshold)[bytes.length];
    }

    @Test
    void theScriptThatComesWithTheProgramGivesWhatTheBeamGives(@TempDir Path answers) throws Exception {
        String script = Files.readString(SCRIPT)
                .replace("/tmp/bytelm-answers", answers.toUri().toString())
                .replace("'number-of-rows' = '500'", "'number-of-rows' = '10'");

        List<List<Row>> results = sql.run(script);

        assertThat(results).hasSize(1);
        List<JsonNode> rows = new ArrayList<>();
        for (Row row : results.get(0)) {
            rows.add(new ObjectMapper().readTree((String) row.getFieldAs("answer")));
        }
        assertThat(of("first", rows))
                .extracting(row -> row.get("event").asText())
                .containsExactly("chunk", "chunk", "end");
        assertThat(of("first", rows).get(1).get("byte_count").asInt()).isEqualTo(31);
        for (int at : new int[] {1, 2}) {
            assertThat(of("first", rows).get(at).get("log_likelihood").asDouble())
                    .isCloseTo(logLikelihood("It was a dark and stormy night.", 0.01), within(ROUNDED));
        }
        double prompted = logLikelihood("Sherlock Holmes rose.", 0.01) - logLikelihood("Sherlock Hol", 0.01);
        assertThat(of("second", rows)).hasSize(2);
        JsonNode rejected = with("event", "rejected", of("second", rows));
        assertThat(rejected.get("error").asText()).contains("\"close\"");
        assertThat(rejected.has("log_likelihood")).isFalse();
        JsonNode score = with("event", "chunk", of("second", rows));
        assertThat(score.get("log_likelihood").asDouble()).isCloseTo(prompted, within(ROUNDED));
        assertThat(of("third", rows).get(0).get("text").asText()).isIn("horse", "bicycle", "dragon");
        assertThat(rows).hasSize(6);
    }

    private static List<JsonNode> of(String session, List<JsonNode> rows) {
        return rows.stream()
                .filter(row -> row.get("session").asText().equals(session))
                .toList();
    }

    private static JsonNode with(String field, String value, List<JsonNode> rows) {
        return rows.stream()
                .filter(row -> row.get(field).asText().equals(value))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aTableOfSessionsIsATableOfScoresInOneCall() throws Exception {
        // Without CAST(NULL AS ...) all rows of VALUES come from one place, in their order.
        sql.execute(
                "CREATE TEMPORARY VIEW messages AS SELECT NULLIF(s, x'0000') AS session, NULLIF(c, x'00000000') AS content,"
                        + " seq, source_offset FROM (VALUES (x'ff01', x'4361f1e9', 1, 70),"
                        + " (x'ff01', x'4361f1e9', 1, 71), (x'ff01', x'00000000', 2, 72), (x'0000', x'41424344', 3, 73))"
                        + " AS t (s, c, seq, source_offset)");
        Schema columns = Schema.newBuilder()
                .column("session", DataTypes.BYTES())
                .column("event", DataTypes.STRING())
                .column("log_likelihood", DataTypes.DOUBLE())
                .column("bits_per_byte", DataTypes.DOUBLE())
                .column("next_bytes", DataTypes.MAP(DataTypes.INT(), DataTypes.DOUBLE()))
                .column("source_topic", DataTypes.STRING())
                .column("source_offset", DataTypes.BIGINT())
                .column("source_timestamp", DataTypes.TIMESTAMP_LTZ(3))
                .column("error_reason", DataTypes.STRING())
                .column("content", DataTypes.BYTES())
                .build();

        Table scores = SessionScores.of(sql.tables(), sql.tables().from("messages"), Map.of("top", "4"), columns);
        Map<Object, Row> rows = rowsBy("source_offset", scores);

        assertThat(rows.keySet()).containsExactlyInAnyOrder(70L, 72L, 73L); // 71 repeats the number of 70
        byte[] text = {0x43, 0x61, (byte) 0xf1, (byte) 0xe9};
        Row score = Objects.requireNonNull(rows.get(70L));
        assertThat((byte[]) score.getFieldAs("session")).containsExactly(0xff, 0x01);
        assertThat((String) score.getFieldAs("event")).isEqualTo("chunk");
        double expected = beam.logLikelihoods(text, 0.001)[4];
        assertThat((Double) score.getFieldAs("log_likelihood")).isCloseTo(expected, within(NATS));
        assertThat((Double) score.getFieldAs("bits_per_byte")).isCloseTo(-expected / 4 / Math.log(2), within(NATS));
        List<SymbolLogProb> top = beam.next(text, 0.001).next().top(4);
        Map<Integer, Double> next = score.getFieldAs("next_bytes");
        assertThat(next).hasSize(4).containsKey(top.get(0).symbol());
        assertThat((Object) score.getField("source_topic")).isNull();
        assertThat((Object) score.getField("source_timestamp")).isNull();
        assertThat((Object) score.getField("error_reason")).isNull();
        Row noContent = Objects.requireNonNull(rows.get(72L));
        assertThat((String) noContent.getFieldAs("event")).isEqualTo("rejected");
        assertThat((String) noContent.getFieldAs("error_reason")).isEqualTo("no-value");
        assertThat((Object) noContent.getField("log_likelihood")).isNull();
        Row noSession = Objects.requireNonNull(rows.get(73L));
        assertThat((String) noSession.getFieldAs("error_reason")).isEqualTo("no-key");
        assertThat((Object) noSession.getField("session")).isNull();
        assertThat((byte[]) noSession.getFieldAs("content")).containsExactly(0x41, 0x42, 0x43, 0x44);
    }

    private static Map<Object, Row> rowsBy(String column, Table table) {
        Map<Object, Row> rows = new HashMap<>();
        try (CloseableIterator<Row> results = table.execute().collect()) {
            results.forEachRemaining(row -> assertThat(rows.put(Objects.requireNonNull(row.getField(column)), row))
                    .isNull());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return rows;
    }

    @Test
    void optionsOfTheTableAskForSpansAlertsAndSettledTokens() throws Exception {
        String text = "It was a dark and stormy night; the rain fell in torrents, q#Z@!xJ%k";
        sql.execute("CREATE TEMPORARY VIEW messages AS SELECT s AS session, c AS content, o AS op FROM (VALUES ('s', '"
                + text + "', 'bytes'), ('s', ' and ended.', 'end')) AS t (s, c, o)");
        Schema columns = Schema.newBuilder()
                .column("event", DataTypes.STRING())
                .column("text", DataTypes.STRING())
                .column("bits", DataTypes.DOUBLE())
                .column("log_likelihood", DataTypes.DOUBLE())
                .column("z", DataTypes.DOUBLE())
                .column("tokens", DataTypes.ARRAY(DataTypes.ROW(DataTypes.FIELD("id", DataTypes.INT()))))
                .build();
        Map<String, String> options =
                Map.of("spans", "words", "anomaly-window", "4", "alert-z", "2", "settled-tokens", "true");
        Table scores = SessionScores.of(sql.tables(), sql.tables().from("messages"), options, columns);

        List<Row> rows = new ArrayList<>();
        try (CloseableIterator<Row> results = scores.execute().collect()) {
            results.forEachRemaining(rows::add);
        }

        StringBuilder spans = new StringBuilder();
        double bits = 0;
        for (Row row : ofEvent("span", rows)) {
            spans.append(row.<String>getFieldAs("text"));
            bits += row.<Double>getFieldAs("bits");
        }
        assertThat(spans).hasToString(text + " and ended.");
        Row end = ofEvent("end", rows).get(0);
        assertThat(bits).isCloseTo(-end.<Double>getFieldAs("log_likelihood") / Math.log(2), within(1e-6));
        assertThat(ofEvent("tokens", rows))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.<Row[]>getFieldAs("tokens")).isNotEmpty());
        assertThat(ofEvent("alert", rows)).isNotEmpty().allSatisfy(row -> {
            assertThat(row.<Double>getFieldAs("z")).isGreaterThanOrEqualTo(2);
            assertThat(row.<Double>getFieldAs("log_likelihood")).isNegative();
        });
    }

    private static List<Row> ofEvent(String event, List<Row> rows) {
        return rows.stream()
                .filter(row -> event.equals(row.getFieldAs("event")))
                .toList();
    }

    @Test
    void theUsualColumnsAreThoseOfScores() throws Exception {
        sql.execute("CREATE TEMPORARY VIEW messages AS SELECT 's' AS session, 'She sa' AS content");

        Table scores = SessionScores.of(sql.tables(), sql.tables().from("messages"), Map.of());
        Row row = Objects.requireNonNull(rowsBy("session", scores).get("s"));

        assertThat((Double) row.getFieldAs("log_likelihood")).isCloseTo(logLikelihood("She sa", 0.001), within(NATS));
        Row[] next = row.getFieldAs("next_bytes");
        assertThat(next).hasSize(5);
        assertThat((String) next[0].getFieldAs("text")).isEqualTo("i");
        assertThat((Boolean) row.getFieldAs("truncated")).isFalse();
    }

    @Test
    void watermarksStayBehindTheRowsThatTheyFollow() throws Exception {
        long firstMillis = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
        var env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(1);
        var tables = StreamTableEnvironment.create(env);
        tables.createTemporaryView(
                "messages",
                tables.fromDataStream(
                        EventTimes.everySecond(env, firstMillis, 40),
                        Schema.newBuilder()
                                .column("session", DataTypes.STRING())
                                .column("content", DataTypes.STRING())
                                .columnByMetadata("source_timestamp", DataTypes.TIMESTAMP_LTZ(3), "rowtime")
                                .watermark("source_timestamp", "SOURCE_WATERMARK()")
                                .build()));
        Table scores = SessionScores.of(
                tables,
                tables.from("messages"),
                Map.of(),
                Schema.newBuilder()
                        .column("chunk_bytes", DataTypes.BIGINT())
                        .column("source_timestamp", DataTypes.TIMESTAMP_LTZ(3))
                        .watermark("source_timestamp", "SOURCE_WATERMARK()")
                        .build());
        tables.createTemporaryView("scores", scores);

        Table windows = tables.sqlQuery("SELECT window_start, COUNT(*) AS pieces, SUM(chunk_bytes) AS bytes_read"
                + " FROM TABLE(TUMBLE(TABLE scores, DESCRIPTOR(source_timestamp), INTERVAL '1' SECOND))"
                + " GROUP BY window_start, window_end");
        Map<Object, Row> rows = rowsBy("window_start", windows);

        // A watermark follows each row, so a row that it overtook would be late, and missing in its window.
        assertThat(rows).hasSize(40);
        assertThat(rows.values()).allSatisfy(row -> {
            assertThat((Long) row.getFieldAs("pieces")).isEqualTo(1);
            assertThat((Long) row.getFieldAs("bytes_read")).isEqualTo(EventTimes.PIECE.length());
        });
    }

    @Test
    void scoresThatNobodyReadsEndTheJobBeforeItRuns() {
        sql.execute("CREATE TABLE sessions (session STRING, content STRING) WITH ('connector' = 'bytelm-sessions')");

        assertThatThrownBy(() -> sql.tables()
                        .executeSql("INSERT INTO sessions VALUES ('a', 'b')")
                        .await())
                .satisfies(thrown -> assertThat(ExceptionUtils.getRootCause(thrown))
                        .hasMessageContaining(
                                "nothing reads the scores of table 'default_catalog.default_database.sessions'"));
    }

    @Test
    void scoresOfNothingAreRefusedWhereTheyArePlanned() {
        sql.execute("CREATE TABLE scores (event STRING) WITH ('connector' = 'bytelm-scores', 'sessions' = 'sessions')");

        assertThatThrownBy(() -> sql.rows("SELECT * FROM scores"))
                .satisfies(thrown -> assertThat(ExceptionUtils.getRootCause(thrown))
                        .hasMessageContaining("into which nothing is inserted before it is read"));
    }

    @Test
    void rowsThatChangeAreRefused() {
        sql.execute("CREATE TABLE sessions (session STRING, content STRING) WITH ('connector' = 'bytelm-sessions')");
        sql.execute("CREATE TEMPORARY VIEW texts AS SELECT * FROM (VALUES ('a', 'b'), ('a', 'c')) AS t (s, c)");

        assertThatThrownBy(() -> sql.execute("INSERT INTO sessions SELECT s, MAX(c) FROM texts GROUP BY s"))
                .hasStackTraceContaining("doesn't support consuming update changes");
    }
}
