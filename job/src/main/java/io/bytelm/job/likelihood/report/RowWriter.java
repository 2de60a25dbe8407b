package io.bytelm.job.likelihood.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;

/** Writes the rows of the result, one after another. */
public interface RowWriter extends Closeable {
    /** What rows are written into. */
    enum Format {
        JSONL,
        PARQUET,
        CSV;

        /** What files of this format end in. */
        public String suffix() {
            return "." + name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * How rows are written.
     *
     * @param byteLogProbs whether they have the log-probability of every byte
     * @param certified whether they say how much the log-likelihood is at most
     * @param report whether a page shows some of the documents
     * @param restarts whether they say what was left out
     * @param normalizes whether they say how many bytes a normalizer has left
     */
    record Plan(
            Format format,
            boolean byteLogProbs,
            boolean certified,
            boolean report,
            boolean restarts,
            boolean normalizes) {
        /** @throws IllegalArgumentException if the format has no place for what rows have */
        public Plan {
            if (format == Format.CSV && byteLogProbs) {
                throw new IllegalArgumentException(
                        "--byte-logprobs makes lists, for which CSV has no place; write them with"
                                + " --out-format jsonl or parquet");
            }
        }

        /** Without a page, of documents that are read as they come, up to a dead end. */
        public Plan(Format format, boolean byteLogProbs, boolean certified) {
            this(format, byteLogProbs, certified, false);
        }

        /** Of documents that are read as they come, up to a dead end. */
        public Plan(Format format, boolean byteLogProbs, boolean certified, boolean report) {
            this(format, byteLogProbs, certified, report, false, false);
        }

        RowWriter open(Path file, boolean compared) throws IOException {
            return open(file, Column.ofScores(compared, this));
        }

        RowWriter openSpans(Path file, boolean compared, boolean wordEnds) throws IOException {
            return open(file, Column.ofSpans(compared, wordEnds));
        }

        private RowWriter open(Path file, List<Column> columns) throws IOException {
            return switch (format) {
                case JSONL -> new JsonLinesWriter(file.getFileSystem().create(file, WriteMode.OVERWRITE));
                case PARQUET -> new ParquetRowWriter(file, columns);
                case CSV -> new CsvWriter(file.getFileSystem().create(file, WriteMode.OVERWRITE), columns);
            };
        }
    }

    void write(ObjectNode row) throws IOException;
}
