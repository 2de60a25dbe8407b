package io.bytelm.job.likelihood.document;

/** How a file becomes documents. */
enum FileKind {
    WHOLE,
    LINES,
    JSON_LINES,
    PARQUET;

    /** Whether a part of an uncompressed file can be read by itself. */
    boolean isOfLines() {
        return this == LINES || this == JSON_LINES;
    }
}
