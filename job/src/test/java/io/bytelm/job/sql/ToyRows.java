package io.bytelm.job.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bytelm.beam.ServiceAnswers;
import java.util.Map;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;

/** Rows of the toy model, each computed to its end on the calling thread. */
final class ToyRows {
    private final TextRows rows;
    private final ServiceAnswers answers;

    /** @param columns in their order, with their types */
    ToyRows(Map<String, String> options, Map<String, LogicalType> columns) {
        ToyService service = ToyService.answering();
        RowType output = RowType.of(
                columns.values().toArray(LogicalType[]::new), columns.keySet().toArray(String[]::new));
        rows = new ModelStatement(options, TextColumn.STRING, output).rows(service);
        answers = new ServiceAnswers(service);
    }

    RowData of(String text) {
        return rows.begin(text.getBytes(UTF_8)).run(answers);
    }
}
