package io.bytelm.job.likelihood.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents that the model has read with shortened contexts, in rows and totals. */
class TruncatedRowsTest {
    private static final List<String> LINES = List.of(
            "in\t1\t{\"id\":\"a\",\"bytes\":9,\"log_likelihood\":-1.0,\"evaluations\":1,\"truncated_bytes\":0}",
            "in\t2\t{\"id\":\"b\",\"bytes\":900,\"log_likelihood\":-1.0,\"evaluations\":1,\"truncated_bytes\":388}",
            "in\t3\t{\"id\":\"c\",\"bytes\":600,\"log_likelihood\":-1.0,\"evaluations\":1,\"truncated_bytes\":12}",
            "in\t4\t{\"id\":\"of an earlier version\",\"bytes\":9,\"log_likelihood\":-1.0,\"evaluations\":1}");

    @TempDir
    private Path directory;

    private Statistics write(RowWriter.Format format, boolean certified, Path file) throws IOException {
        Path lines = Files.write(directory.resolve("lines"), LINES);
        Results.Pass pass = new Results.Pass("m", List.of(flinkPath(lines)), List.of());
        return new Results(directory)
                .writeRows(List.of(pass), new RowWriter.Plan(format, false, certified), new ReportSample(), flinkPath(file))
                .get(0);
    }

    private static org.apache.flink.core.fs.Path flinkPath(Path path) {
        return new org.apache.flink.core.fs.Path(path.toUri());
    }

    @Test
    void theTotalsHaveDocumentsAndBytes() throws IOException {
        Path file = directory.resolve("scores.jsonl");
        assertThat(write(RowWriter.Format.JSONL, false, file).toJson())
                .containsEntry("truncated_documents", 2L)
                .containsEntry("truncated_bytes", 400L);
        assertThat(new ObjectMapper()
                        .readTree(Files.readAllLines(file).get(1))
                        .path("truncated_bytes")
                        .intValue())
                .isEqualTo(388);
    }

    @Test
    void parquetHasAColumn() throws IOException {
        Path file = directory.resolve("scores.parquet");
        write(RowWriter.Format.PARQUET, false, file);
        List<String> found = new ArrayList<>();
        ParquetReadOptions options =
                ParquetReadOptions.builder(new PlainParquetConfiguration()).build();
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file), options)) {
            MessageType schema = reader.getFileMetaData().getSchema();
            PageReadStore pages = Objects.requireNonNull(reader.readNextRowGroup());
            RecordReader<Group> rows =
                    new ColumnIOFactory().getColumnIO(schema).getRecordReader(pages, new GroupRecordConverter(schema));
            for (long row = 0; row < pages.getRowCount(); row++) {
                Group group = rows.read();
                boolean isNull = group.getFieldRepetitionCount("truncated_bytes") == 0;
                found.add(isNull ? "null" : group.getValueToString(schema.getFieldIndex("truncated_bytes"), 0));
            }
        }
        assertThat(found).containsExactly("0", "388", "12", "null");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatALogLikelihoodIsAtMostHasAColumnWhereItIsCertified(boolean certified) throws IOException {
        Path file = directory.resolve("scores.parquet");
        write(RowWriter.Format.PARQUET, certified, file);
        ParquetReadOptions options =
                ParquetReadOptions.builder(new PlainParquetConfiguration()).build();
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file), options)) {
            assertThat(reader.getFileMetaData().getSchema().containsField("log_likelihood_upper"))
                    .isEqualTo(certified);
        }
    }
}
