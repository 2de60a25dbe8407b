package io.bytelm.job.sql;

/** What was computed of one text. */
interface TextResult {
    /** Whether the text outgrew the model's context, so that some of it was computed from a shortened one. */
    boolean truncated();

    /** Adds the columns that every task has. */
    static <R extends TextResult> OutputColumns<R> withCommon(OutputColumns<R> columns) {
        return columns.with("truncated", Rendering.flag(TextResult::truncated))
                .with(OutputColumns.ERROR, Rendering.text(result -> null));
    }
}
