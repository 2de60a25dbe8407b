package io.bytelm.job.sql;

import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.logical.RowType;

/**
 * Rows without a result: all NULL, but for the column {@code error}, where it is declared.
 *
 * @param columns how many there are
 * @param errorAt where that column stands; -1 if it is not there
 */
record FailureRows(int columns, int errorAt) {
    static FailureRows of(RowType declared) {
        return new FailureRows(declared.getFieldCount(), declared.getFieldIndex(OutputColumns.ERROR));
    }

    /** For NULL. */
    RowData withoutReason() {
        return new GenericRowData(columns);
    }

    /** @param reason a line for people */
    RowData because(String reason) {
        GenericRowData row = new GenericRowData(columns);
        if (errorAt >= 0) {
            row.setField(errorAt, StringData.fromString(reason));
        }
        return row;
    }
}
