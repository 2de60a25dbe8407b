package io.bytelm.job.likelihood.document;

import java.io.Serializable;
import java.util.Locale;

/**
 * What a document is.
 *
 * @param format what the files hold
 * @param unit what a document of a text file is
 * @param idField the JSON field or Parquet column that names a document; where it is missing, file and line do
 * @param textField the JSON field or Parquet column with the text
 * @param maxBytes longer documents are rejects
 * @param zstdWindowLog the largest window of zstd files, as the power of two of its bytes; larger ones are rejects
 */
public record DocumentSettings(
        Format format, Unit unit, String idField, String textField, int maxBytes, int zstdWindowLog)
        implements Serializable {
    /** What every zstd decoder reads: 128 MiB. */
    public static final int USUAL_ZSTD_WINDOW_LOG = 27;

    public static final int LEAST_ZSTD_WINDOW_LOG = 10;
    public static final int MOST_ZSTD_WINDOW_LOG = 31;

    private static final long serialVersionUID = 2;

    /** What files hold. */
    public enum Format {
        /** By the file's name: .jsonl, .ndjson and .json are JSON lines, .parquet is Parquet, all else text. */
        AUTO,
        TEXT,
        JSONL,
        PARQUET
    }

    /** What a document of a text file is. */
    public enum Unit {
        FILE,
        LINE
    }

    /** How a file of this name is read. */
    FileKind kindOf(String fileName) {
        String name = Compression.of(fileName).nameInside(fileName).toLowerCase(Locale.ROOT);
        return switch (format) {
            case TEXT -> text();
            case JSONL -> FileKind.JSON_LINES;
            case PARQUET -> FileKind.PARQUET;
            case AUTO -> {
                if (name.endsWith(".jsonl") || name.endsWith(".ndjson") || name.endsWith(".json")) {
                    yield FileKind.JSON_LINES;
                }
                yield name.endsWith(".parquet") ? FileKind.PARQUET : text();
            }
        };
    }

    private FileKind text() {
        return unit == Unit.FILE ? FileKind.WHOLE : FileKind.LINES;
    }
}
