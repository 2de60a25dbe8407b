package io.bytelm.job.likelihood.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.job.likelihood.report.Column.Kind;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Comma-separated values as RFC 4180 has them, in UTF-8: a line of names, CR LF behind each line, text in double quotes. A field
 * within a group has the group's name before its own; what is null is empty.
 */
final class CsvWriter implements RowWriter {
    private static final String LINE_END = "\r\n";

    private final Writer out;
    private final List<Column> columns;

    CsvWriter(OutputStream out, List<Column> columns) throws IOException {
        this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        this.columns = columns;
        List<String> names = new ArrayList<>();
        addNames("", columns, names);
        writeLine(names);
    }

    private static void addNames(String before, List<Column> columns, List<String> names) {
        for (Column column : columns) {
            if (column.kind() == Kind.GROUP) {
                addNames(before + column.name() + "_", column.fields(), names);
            } else {
                names.add(before + column.name());
            }
        }
    }

    @Override
    public void write(ObjectNode row) throws IOException {
        List<String> values = new ArrayList<>();
        addValues(row, columns, values);
        writeLine(values);
    }

    private static void addValues(JsonNode row, List<Column> columns, List<String> values) {
        for (Column column : columns) {
            JsonNode value = row.path(column.name());
            if (column.kind() == Kind.GROUP) {
                addValues(value, column.fields(), values);
            } else {
                values.add(written(value));
            }
        }
    }

    private static String written(JsonNode value) {
        if (value.isNull() || value.isMissingNode()) {
            return "";
        }
        return value.isTextual() ? "\"" + value.textValue().replace("\"", "\"\"") + "\"" : value.asText();
    }

    private void writeLine(List<String> values) throws IOException {
        out.write(String.join(",", values));
        out.write(LINE_END);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
