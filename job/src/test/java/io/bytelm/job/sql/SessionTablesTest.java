package io.bytelm.job.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.record.InputRecord;
import io.bytelm.record.SourcePosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with a table of sessions or of scores is refused where it is planned, by its name. */
class SessionTablesTest {
    private static final ObjectIdentifier TABLE = ObjectIdentifier.of("c", "d", "t");
    private static final List<Column> TEXTS =
            List.of(Column.physical("session", DataTypes.STRING()), Column.physical("content", DataTypes.STRING()));

    private static ResolvedCatalogTable table(Map<String, String> options, List<Column> columns) {
        return new ResolvedCatalogTable(
                CatalogTable.newBuilder()
                        .schema(Schema.derived())
                        .options(options)
                        .build(),
                ResolvedSchema.of(columns));
    }

    private static DynamicTableSink sessions(
            RuntimeExecutionMode mode, List<Column> columns, String... optionsAndValues) {
        Map<String, String> options = new HashMap<>(Map.of("connector", "bytelm-sessions"));
        for (int i = 0; i < optionsAndValues.length; i += 2) {
            options.put(optionsAndValues[i], optionsAndValues[i + 1]);
        }
        return FactoryUtil.createDynamicTableSink(
                null,
                TABLE,
                table(options, columns),
                Map.of(),
                new Configuration().set(ExecutionOptions.RUNTIME_MODE, mode),
                SessionTablesTest.class.getClassLoader(),
                false);
    }

    private static void scores(String column, DataType type, String... optionsAndValues) {
        Map<String, String> options = new HashMap<>(Map.of("connector", "bytelm-scores", "sessions", "s"));
        for (int i = 0; i < optionsAndValues.length; i += 2) {
            options.put(optionsAndValues[i], optionsAndValues[i + 1]);
        }
        FactoryUtil.createDynamicTableSource(
                null,
                TABLE,
                table(options, List.of(Column.physical(column, type))),
                Map.of(),
                new Configuration(),
                SessionTablesTest.class.getClassLoader(),
                false);
    }

    static Stream<Arguments> refusedOptions() {
        return Stream.of(
                Arguments.of("temperature", "1", "temperature"),
                Arguments.of("k", "five", "option 'k' cannot be read from 'five': "),
                Arguments.of("k", "0", "option 'k' must be at least 1, got 0"),
                Arguments.of("k", "65", "option 'max-k' and 'max-requests-per-round' do not go with 'k': "),
                Arguments.of("prune-threshold", "1", "option 'prune-threshold' must be at least 0 and less than 1"),
                Arguments.of("emit", "word", "option 'emit' is one of byte, chunk, end, not 'word'"),
                Arguments.of("top", "259", "option 'top' is a number from 0 to 258, or all, not '259'"),
                Arguments.of("top", "-1", "option 'top' is a number from 0 to 258, or all, not '-1'"),
                Arguments.of("max-chunk-bytes", "0", "option 'max-chunk-bytes' must be at least 1, got 0"),
                Arguments.of("max-particles", "0", "option 'max-particles' must be at least 1, got 0"),
                Arguments.of("allow-model-change", "maybe", "option 'allow-model-change' cannot be read from 'maybe'"),
                Arguments.of("session-ttl-minutes", "-1", "option 'session-ttl-minutes' must be from 0 to "),
                Arguments.of("capacity", "0", "option 'capacity' must be at least 1, got 0"),
                Arguments.of("max-waiting", "-1", "option 'max-waiting' must be at least 0, got -1"),
                Arguments.of("max-held-mb", "0", "option 'max-held-mb' must be from 1 to "),
                Arguments.of("attempts", "0", "option 'attempts' must be at least 1, got 0"),
                Arguments.of("timeout-ms", "0", "option 'timeout-ms' must be at least 1, got 0"),
                Arguments.of("breaker-failures", "0", "option 'breaker-failures' must be at least 1, got 0"),
                Arguments.of("breaker-max-ms", "0", "option 'breaker-max-ms' must be at least 1, got 0"),
                Arguments.of("give-up-after-ms", "0", "option 'give-up-after-ms' must be from 1 to "),
                Arguments.of("on-failure", "weep", "option 'on-failure' is one of fail-job, dead-letter, not 'weep'"),
                Arguments.of(
                        "spans", "verses", "option 'spans' is words, lines, sentences or regex:PATTERN, not 'verses'"),
                Arguments.of("spans", "regex:a*", "option 'spans' = 'regex:a*' is refused: "),
                Arguments.of("span-space", "before", "option 'span-space' is for 'spans' = 'words' or 'sentences'"),
                Arguments.of("anomaly-window", "1", "option 'anomaly-window' is refused: "),
                Arguments.of("alert-z", "0", "option 'alert-z' must be above 0, got 0.0"),
                Arguments.of("settled-tokens", "often", "option 'settled-tokens' cannot be read from 'often'"),
                Arguments.of("on-dead-end", "weep", "option 'on-dead-end' is one of stop, restart, not 'weep'"),
                Arguments.of("defer", "0.1", "option 'defer' is for 'tokenizations' = 'canonical'"),
                Arguments.of("model", "/nowhere", "option 'model': /nowhere"),
                Arguments.of("eos", "00ff00ff", "option 'eos' is refused: "),
                Arguments.of("service-tls", "true", "'service-tls' says how the services of 'service' are reached"));
    }

    @ParameterizedTest
    @MethodSource("refusedOptions")
    void aBadOptionIsRefusedByName(String option, String value, String message) {
        assertThatThrownBy(() -> sessions(RuntimeExecutionMode.STREAMING, TEXTS, option, value))
                .isInstanceOf(ValidationException.class)
                .satisfies(
                        thrown -> assertThat(ExceptionUtils.getRootCause(thrown).getMessage())
                                .contains(message));
    }

    @Test
    void theWholeOfTheOptionsOfTheCommandIsTaken() {
        assertThat(sessions(
                        RuntimeExecutionMode.STREAMING,
                        TEXTS,
                        "tokenizations",
                        "canonical",
                        "defer",
                        "0.05",
                        "emit",
                        "byte",
                        "top",
                        "all",
                        "on-failure",
                        "dead-letter",
                        "session-ttl-minutes",
                        "0",
                        "spans",
                        "words",
                        "span-space",
                        "before",
                        "anomaly-window",
                        "64",
                        "alert-z",
                        "4",
                        "settled-tokens",
                        "true"))
                .isInstanceOf(SessionsSink.class);
    }

    @Test
    void theBatchModeIsRefusedWithTheSettingThatMendsIt() {
        assertThatThrownBy(() -> sessions(RuntimeExecutionMode.BATCH, TEXTS))
                .hasRootCauseMessage("table 'c.d.t' takes rows in streaming mode only, bounded ones too:"
                        + " SET 'execution.runtime-mode' = 'streaming'");
    }

    static Stream<Arguments> refusedColumns() {
        return Stream.of(
                Arguments.of("key", DataTypes.STRING(), "column 'key' is none of those that sessions are read from: "),
                Arguments.of("op", DataTypes.BYTES(), "column 'op' is of type BYTES; sessions are read from "),
                Arguments.of("seq", DataTypes.STRING(), "column 'seq' is of type STRING; sessions are read from "));
    }

    @ParameterizedTest
    @MethodSource("refusedColumns")
    void aBadColumnOfTheSessionsIsRefusedWithTheListOfThoseThatThereAre(String name, DataType type, String message) {
        List<Column> columns = new ArrayList<>(TEXTS);
        columns.add(Column.physical(name, type));

        assertThatThrownBy(() -> sessions(RuntimeExecutionMode.STREAMING, columns))
                .satisfies(
                        thrown -> assertThat(ExceptionUtils.getRootCause(thrown).getMessage())
                                .contains(message, "session STRING | BYTES, content STRING | BYTES"));
    }

    @Test
    void sessionsWithoutContentAreRefused() {
        assertThatThrownBy(() -> sessions(RuntimeExecutionMode.STREAMING, TEXTS.subList(0, 1)))
                .satisfies(
                        thrown -> assertThat(ExceptionUtils.getRootCause(thrown).getMessage())
                                .startsWith("there is no column 'content'"));
    }

    @Test
    void aBadColumnOrOptionOfTheScoresIsRefusedByName() {
        assertThatThrownBy(() -> scores("loglik", DataTypes.DOUBLE()))
                .satisfies(
                        thrown -> assertThat(ExceptionUtils.getRootCause(thrown).getMessage())
                                .contains(
                                        "output column 'loglik' is none of the columns of 'connector' = 'bytelm-scores'",
                                        "log_likelihood DOUBLE",
                                        "particles ARRAY<ROW<any of"));
        assertThatThrownBy(() -> scores("event", DataTypes.INT()))
                .satisfies(
                        thrown -> assertThat(ExceptionUtils.getRootCause(thrown).getMessage())
                                .contains("output column 'event' is of type INT"));
        assertThatThrownBy(() -> scores("event", DataTypes.STRING(), "model", "/m"))
                .satisfies(
                        thrown -> assertThat(ExceptionUtils.getRootCause(thrown).getMessage())
                                .contains("model"));
        assertThatThrownBy(() -> scores("event", DataTypes.STRING(), "sessions", "a.b.c.d"))
                .hasRootCauseMessage(
                        "option 'sessions' is NAME, DATABASE.NAME or CATALOG.DATABASE.NAME, not 'a.b.c.d'");
    }

    @Test
    void aNameThatIsNotWholeLiesWhereTheScoresDo() {
        assertThat(BytelmScoresFactory.named("s", TABLE)).isEqualTo(ObjectIdentifier.of("c", "d", "s"));
        assertThat(BytelmScoresFactory.named("e.s", TABLE)).isEqualTo(ObjectIdentifier.of("c", "e", "s"));
        assertThat(BytelmScoresFactory.named("b.e.s", TABLE)).isEqualTo(ObjectIdentifier.of("b", "e", "s"));
    }

    @Test
    void aRowIsTheRecordThatItsColumnsSay() {
        SessionInput input = SessionInput.of((RowType) DataTypes.ROW(
                        DataTypes.FIELD("content", DataTypes.BYTES()),
                        DataTypes.FIELD("seq", DataTypes.INT()),
                        DataTypes.FIELD("session", DataTypes.STRING()),
                        DataTypes.FIELD("op", DataTypes.STRING()),
                        DataTypes.FIELD("source_topic", DataTypes.STRING()),
                        DataTypes.FIELD("source_partition", DataTypes.INT()),
                        DataTypes.FIELD("source_offset", DataTypes.BIGINT()),
                        DataTypes.FIELD("source_timestamp", DataTypes.TIMESTAMP_LTZ(3)))
                .getLogicalType());
        byte[] content = {(byte) 0xff, 0};

        InputRecord whole = input.record(GenericRowData.of(
                content,
                7,
                StringData.fromString("é"),
                StringData.fromString("end"),
                StringData.fromString("in"),
                3,
                12L,
                TimestampData.fromEpochMillis(-5)));
        InputRecord nulls = input.record(new GenericRowData(8));

        assertThat(whole)
                .isEqualTo(
                        new InputRecord("é".getBytes(UTF_8), "end", "7", content, new SourcePosition("in", 3, 12, -5)));
        assertThat(nulls)
                .isEqualTo(new InputRecord(
                        null,
                        null,
                        null,
                        null,
                        new SourcePosition(
                                SessionInput.NO_TOPIC,
                                SessionInput.NOWHERE,
                                SessionInput.NOWHERE,
                                SessionInput.NO_TIMESTAMP)));
    }
}
