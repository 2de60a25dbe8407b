package io.bytelm.job.likelihood.document;

import java.util.Locale;

/** Why a document has no score. */
public enum RejectReason {
    /** The file cannot be opened or read to its end: missing, truncated, damaged. What was read before it counts. */
    UNREADABLE,
    /** Longer than the limit. */
    TOO_LONG,
    /** The line is no JSON object. */
    MALFORMED_JSON,
    /** The JSON object has no such field, or the Parquet file no such column; or what is there is no text. */
    MISSING_TEXT,
    /** Text that no bytes stand for: half of a surrogate pair. */
    INVALID_TEXT,
    /** The beam ran dry: no tokenization that it follows has any probability. */
    DEAD_END;

    /** As it is written: lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
