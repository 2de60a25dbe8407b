package io.bytelm.job.sql;

import io.bytelm.record.InputRecord;
import io.bytelm.record.SourcePosition;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.utils.LogicalTypeChecks;
import org.jspecify.annotations.Nullable;

/**
 * What rows of sessions say, by the names of their columns. It travels with the job.
 *
 * @param columns where each column stands that is declared
 */
record SessionInput(Map<String, Column> columns) implements Serializable {
    static final String SESSION = "session";
    static final String CONTENT = "content";
    static final String OP = "op";
    static final String SEQUENCE = "seq";
    static final String SOURCE_TOPIC = "source_topic";
    static final String SOURCE_PARTITION = "source_partition";
    static final String SOURCE_OFFSET = "source_offset";
    static final String SOURCE_TIMESTAMP = "source_timestamp";

    /** What a row without a topic has. */
    static final String NO_TOPIC = "";

    /** What a row without a partition or an offset has. */
    static final int NOWHERE = -1;

    /** What a row without a timestamp has. */
    static final long NO_TIMESTAMP = Long.MIN_VALUE;

    private static final long serialVersionUID = 1;

    private static final Map<String, List<LogicalTypeRoot>> OFFERED = offered();

    /**
     * A column that is declared.
     *
     * @param at its place in a row, from 0
     */
    record Column(int at, LogicalType type) implements Serializable {
        private static final long serialVersionUID = 1;
    }

    private static Map<String, List<LogicalTypeRoot>> offered() {
        List<LogicalTypeRoot> text = List.of(LogicalTypeRoot.VARCHAR, LogicalTypeRoot.CHAR);
        List<LogicalTypeRoot> bytes = new ArrayList<>(text);
        bytes.addAll(List.of(LogicalTypeRoot.VARBINARY, LogicalTypeRoot.BINARY));
        List<LogicalTypeRoot> number = List.of(LogicalTypeRoot.BIGINT, LogicalTypeRoot.INTEGER);
        List<LogicalTypeRoot> time =
                List.of(LogicalTypeRoot.TIMESTAMP_WITH_LOCAL_TIME_ZONE, LogicalTypeRoot.TIMESTAMP_WITHOUT_TIME_ZONE);
        return new TreeMap<>(Map.of(
                SESSION, List.copyOf(bytes),
                CONTENT, List.copyOf(bytes),
                OP, text,
                SEQUENCE, number,
                SOURCE_TOPIC, text,
                SOURCE_PARTITION, List.of(LogicalTypeRoot.INTEGER),
                SOURCE_OFFSET, number,
                SOURCE_TIMESTAMP, time));
    }

    /** @throws ValidationException if a column is missing, is none of these, or has another type */
    static SessionInput of(RowType declared) {
        Map<String, Column> columns = new TreeMap<>();
        for (int at = 0; at < declared.getFieldCount(); at++) {
            String name = declared.getFieldNames().get(at);
            LogicalType type = declared.getTypeAt(at);
            List<LogicalTypeRoot> offered = OFFERED.get(name);
            if (offered == null) {
                throw new ValidationException(
                        "column '" + name + "' is none of those that sessions are read from: " + described());
            }
            if (!offered.contains(type.getTypeRoot())) {
                throw new ValidationException("column '" + name + "' is of type " + type.asSummaryString()
                        + "; sessions are read from " + described());
            }
            columns.put(name, new Column(at, type));
        }
        for (String required : List.of(SESSION, CONTENT)) {
            if (!columns.containsKey(required)) {
                throw new ValidationException(
                        "there is no column '" + required + "'; sessions are read from " + described());
            }
        }
        return new SessionInput(columns);
    }

    private static String described() {
        return "session STRING | BYTES, content STRING | BYTES, and, where wanted, op STRING, seq BIGINT | INT,"
                + " source_topic STRING, source_partition INT, source_offset BIGINT | INT,"
                + " source_timestamp TIMESTAMP_LTZ | TIMESTAMP";
    }

    /** What the row says. NULL in a column is what its absence would be. */
    InputRecord record(RowData row) {
        Long sequence = number(row, SEQUENCE);
        return new InputRecord(
                bytes(row, SESSION),
                text(row, OP),
                sequence == null ? null : sequence.toString(),
                bytes(row, CONTENT),
                source(row));
    }

    private SourcePosition source(RowData row) {
        String topic = text(row, SOURCE_TOPIC);
        Long partition = number(row, SOURCE_PARTITION);
        Long offset = number(row, SOURCE_OFFSET);
        return new SourcePosition(
                topic == null ? NO_TOPIC : topic,
                partition == null ? NOWHERE : partition.intValue(),
                offset == null ? NOWHERE : offset,
                timestampMillis(row));
    }

    private @Nullable Column present(RowData row, String name) {
        Column column = columns.get(name);
        return column == null || row.isNullAt(column.at) ? null : column;
    }

    private byte @Nullable [] bytes(RowData row, String name) {
        Column column = present(row, name);
        if (column == null) {
            return null;
        }
        boolean isBytes = column.type.is(LogicalTypeRoot.VARBINARY) || column.type.is(LogicalTypeRoot.BINARY);
        return isBytes ? row.getBinary(column.at) : row.getString(column.at).toBytes();
    }

    private @Nullable String text(RowData row, String name) {
        Column column = present(row, name);
        return column == null ? null : row.getString(column.at).toString();
    }

    private @Nullable Long number(RowData row, String name) {
        Column column = present(row, name);
        if (column == null) {
            return null;
        }
        return column.type.is(LogicalTypeRoot.BIGINT) ? row.getLong(column.at) : (long) row.getInt(column.at);
    }

    private long timestampMillis(RowData row) {
        Column column = present(row, SOURCE_TIMESTAMP);
        return column == null
                ? NO_TIMESTAMP
                : row.getTimestamp(column.at, LogicalTypeChecks.getPrecision(column.type))
                        .getMillisecond();
    }

    /** For messages. */
    @Override
    public String toString() {
        return columns.keySet().stream().collect(Collectors.joining(", "));
    }
}
