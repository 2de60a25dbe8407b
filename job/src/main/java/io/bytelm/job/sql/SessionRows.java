package io.bytelm.job.sql;

import io.bytelm.record.OutputRecord;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;

/**
 * What sessions say, as rows of the columns that are declared.
 *
 * @param <T> what comes in
 */
final class SessionRows<T extends OutputRecord> extends RichMapFunction<T, RowData> {
    private static final long serialVersionUID = 1;

    private final RowType declared;
    private transient Rendering.Value<OutputRecord> rows;

    @SuppressWarnings("NullAway.Init") // Flink calls open() before map()
    SessionRows(RowType declared) {
        this.declared = declared;
    }

    @Override
    public void open(OpenContext context) {
        rows = SessionColumns.ALL.rows(declared);
    }

    @Override
    public RowData map(T record) {
        return (RowData) rows.of(record);
    }
}
