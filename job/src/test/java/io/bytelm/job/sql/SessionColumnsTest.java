package io.bytelm.job.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.record.DecodeRecord;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.SpanScore;
import io.bytelm.span.Span;
import io.bytelm.span.SpanProgress;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;
import org.junit.jupiter.api.Test;

/** What sessions say as values of columns. */
class SessionColumnsTest {
    private static RowData row(OutputRecord record, DataType text) {
        RowType columns = (RowType) DataTypes.ROW(DataTypes.FIELD("text", text)).getLogicalType();
        return (RowData) Objects.requireNonNull(SessionColumns.ALL.rows(columns).of(record));
    }

    @Test
    void theTextOfALongSpanEndsWithAWholeCharacter() {
        byte[] text = "\u65e5".repeat(2000).getBytes(UTF_8);
        Span span = new Span(0, 0, text.length, Arrays.copyOf(text, SpanProgress.MOST_TEXT_BYTES), -1, null);
        SpanScore score = new SpanScore(new byte[] {'s'}, span, false, new SourcePosition("in", 0, 0, 0));

        assertThat(row(score, DataTypes.STRING()).getString(0)).hasToString("\u65e5".repeat(1365));
        assertThat(row(score, DataTypes.BYTES()).getBinary(0)).hasSize(4095);
    }

    @Test
    void whatIsIgnoredIsAListOfTexts() {
        OutputRecord ignored = new DecodeRecord.Ignored(
                new byte[] {'s'}, List.of("#/a: why", "#/b: so"), new SourcePosition("in", 0, 0, 0));
        RowType columns = (RowType) DataTypes.ROW(
                        DataTypes.FIELD("event", DataTypes.STRING()),
                        DataTypes.FIELD("ignored", DataTypes.ARRAY(DataTypes.STRING())),
                        DataTypes.FIELD("byte_count", DataTypes.BIGINT()))
                .getLogicalType();
        RowData row = (RowData)
                Objects.requireNonNull(SessionColumns.ALL.rows(columns).of(ignored));
        assertThat(row.getString(0)).hasToString("ignored");
        assertThat(row.getArray(1).getString(0)).hasToString("#/a: why");
        assertThat(row.getArray(1).size()).isEqualTo(2);
        assertThat(row.isNullAt(2)).isTrue();
    }
}
