package io.bytelm.job.sql;

import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Result;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.co.RichCoMapFunction;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;

/** What sessions say, and what they reject, as rows of the columns that are declared. Used by the thread of one subtask. */
final class SessionRows extends RichCoMapFunction<Result, DeadLetter, RowData> {
    private static final long serialVersionUID = 1;

    private final RowType declared;
    private transient Rendering.Value<OutputRecord> rows;

    @SuppressWarnings("NullAway.Init") // Flink calls open() before the others
    SessionRows(RowType declared) {
        this.declared = declared;
    }

    @Override
    public void open(OpenContext context) {
        rows = SessionColumns.ALL.rows(declared);
    }

    @Override
    public RowData map1(Result said) {
        return row(said);
    }

    @Override
    public RowData map2(DeadLetter rejected) {
        return row(rejected);
    }

    private RowData row(OutputRecord record) {
        return (RowData) Objects.requireNonNull(rows.of(record));
    }
}
