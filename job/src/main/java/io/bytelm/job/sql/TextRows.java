package io.bytelm.job.sql;

import io.bytelm.beam.Step;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;

/** What a task computes of texts, as rows. Used by the thread of one subtask. */
interface TextRows {
    /** As {@link TextComputation#begin}. */
    Step<RowData> begin(byte[] text);

    /** As {@link TextComputation#roomTokens}. */
    long roomTokens(int bytes);

    /** @throws org.apache.flink.table.api.ValidationException if a column is refused */
    static <R extends TextResult> TextRows of(
            TextComputation<R> computation, OutputColumns<R> columns, RowType declared, GivenOptions given) {
        Rendering.Value<R> rows = columns.rows(declared);
        boolean skipsOverflowing = FailureOptions.skipsOverflowing(given);
        return new TextRows() {
            @Override
            public Step<RowData> begin(byte[] text) {
                return computation.begin(text).map(result -> {
                    if (skipsOverflowing && result.truncated()) {
                        throw new NoResultException(
                                "the text of " + text.length + " bytes outgrows the model's context");
                    }
                    return (RowData) rows.of(result);
                });
            }

            @Override
            public long roomTokens(int bytes) {
                return computation.roomTokens(bytes);
            }
        };
    }
}
