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
    /** Canonical tokenizations are followed, but the tokenizer would change the text before it cuts it. */
    NOT_NORMALIZED,
    /** No tokenization that is followed has any probability: the beam ran dry, or a byte has no token. */
    DEAD_END;

    /** As it is written: lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
