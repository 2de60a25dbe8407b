package io.bytelm.job.cli;

import io.bytelm.job.UserException;
import io.bytelm.job.likelihood.document.DocumentSettings;
import io.bytelm.job.likelihood.document.DocumentSettings.Format;
import io.bytelm.job.likelihood.document.DocumentSettings.Unit;
import io.bytelm.job.likelihood.document.InputFile;
import io.bytelm.job.likelihood.document.InputFiles;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Where documents come from. */
final class DocumentOptions {
    private static final int MOST_BYTES = 1 << 30;

    @Option(
            names = "--in",
            paramLabel = "PATH",
            order = 1,
            arity = "1..*",
            split = ",",
            description =
                    "Files, directories (with all below them) or globs, on any of Flink's file systems; .gz and .zst"
                            + " are unpacked.")
    private List<String> in = new ArrayList<>();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            order = 3,
            defaultValue = "auto",
            description = "What files hold: text, jsonl, parquet, or auto: .jsonl, .ndjson and .json are JSON lines,"
                    + " .parquet is Parquet, all else is text. Default: ${DEFAULT-VALUE}.")
    private Format format;

    @Option(
            names = "--by",
            paramLabel = "UNIT",
            order = 4,
            defaultValue = "file",
            description = "What a document of a text file is: file or line. Default: ${DEFAULT-VALUE}.")
    private Unit unit;

    @Option(
            names = "--id-field",
            paramLabel = "NAME",
            order = 5,
            defaultValue = "id",
            description =
                    "The JSON field or Parquet column that names a document; without it, file and line do. Default:"
                            + " ${DEFAULT-VALUE}.")
    private String idField;

    @Option(
            names = "--text-field",
            paramLabel = "NAME",
            order = 6,
            defaultValue = "text",
            description = "The JSON field or Parquet column with the text. Default: ${DEFAULT-VALUE}.")
    private String textField;

    @Option(
            names = "--max-document-bytes",
            paramLabel = "BYTES",
            order = 7,
            defaultValue = "16777216",
            description = "Longer documents are rejects, never in memory as a whole. Default: ${DEFAULT-VALUE}.")
    private int maxBytes;

    @Option(
            names = "--zstd-long",
            paramLabel = "LOG",
            order = 9,
            defaultValue = "27",
            description =
                    "Read zstd windows of up to 2^LOG bytes (at most 31), as zstd --long=LOG writes them; a file that"
                            + " is being read takes so much memory. Default: ${DEFAULT-VALUE}.")
    private int zstdWindowLog;

    /**
     * None if a topic is read.
     *
     * @throws UserException if a path stands for nothing, or if there are files and a topic, or neither
     */
    List<InputFile> files(boolean topic) {
        if (in.isEmpty() != topic) {
            throw new UserException("give either --in with files, or --bootstrap and --topic");
        }
        return InputFiles.of(in);
    }

    DocumentSettings settings() {
        if (maxBytes < 1 || maxBytes > MOST_BYTES) {
            throw new UserException("--max-document-bytes must be from 1 to " + MOST_BYTES + ", got " + maxBytes);
        }
        if (zstdWindowLog < DocumentSettings.LEAST_ZSTD_WINDOW_LOG
                || zstdWindowLog > DocumentSettings.MOST_ZSTD_WINDOW_LOG) {
            throw new UserException("--zstd-long must be from " + DocumentSettings.LEAST_ZSTD_WINDOW_LOG + " to "
                    + DocumentSettings.MOST_ZSTD_WINDOW_LOG + ", got " + zstdWindowLog);
        }
        return new DocumentSettings(format, unit, idField, textField, maxBytes, zstdWindowLog);
    }
}
