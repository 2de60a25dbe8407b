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
 */
public record DocumentSettings(Format format, Unit unit, String idField, String textField, int maxBytes)
        implements Serializable {
    private static final long serialVersionUID = 1;

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
