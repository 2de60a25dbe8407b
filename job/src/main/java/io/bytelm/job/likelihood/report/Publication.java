package io.bytelm.job.likelihood.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.job.likelihood.report.SortedLines.Line;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the rows of one model, or those of two side by side, in the documents' order, and adds them up. */
final class Publication {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RowWriter out;
    private final ReportSample sample;
    private final Statistics first = new Statistics();
    private final Statistics second = new Statistics();

    /** @param sample is offered all documents that are counted */
    Publication(RowWriter out, ReportSample sample) {
        this.out = out;
        this.sample = sample;
    }

    /** One model's rows. */
    Statistics rows(SortedLines lines) throws IOException {
        for (Line line = lines.next(); line != null; line = lines.next()) {
            ObjectNode row = parsed(line);
            first.add(row, row.path("bytes").longValue());
            sample.offer(line.key(), row, null);
            out.write(row);
        }
        return first;
    }

    /**
     * The first model's rows with the second one's numbers in them. A document that only one of them has a score for is
     * among the other's rejects; such a row is left without a difference, and counts in no total.
     */
    List<Statistics> rowsSideBySide(SortedLines lines, SortedLines others) throws IOException {
        Line line = lines.next();
        Line other = others.next();
        while (line != null || other != null) {
            int order = compare(line, other);
            if (order < 0 && line != null) {
                out.write(withoutOther(line));
            } else if (order == 0 && line != null && other != null) {
                write(line.key(), parsed(line), parsed(other));
            }
            line = order <= 0 ? lines.next() : line;
            other = order >= 0 ? others.next() : other;
        }
        return new ArrayList<>(List.of(first, second));
    }

    private static int compare(@Nullable Line line, @Nullable Line other) {
        if (line == null || other == null) {
            return line == null ? 1 : -1;
        }
        return line.key().compareTo(other.key());
    }

    private void write(String key, ObjectNode row, ObjectNode other) throws IOException {
        long bytes = row.path("bytes").longValue();
        first.add(row, bytes);
        second.add(other, bytes);
        sample.offer(key, row, other);
        double difference = row.path("log_likelihood").doubleValue()
                - other.path("log_likelihood").doubleValue();
        other.remove(List.of("id", "bytes", "windows"));
        row.set("compared", other);
        row.put("log_likelihood_difference", difference);
        JsonNode bits = row.path("bits_per_byte");
        JsonNode otherBits = other.path("bits_per_byte");
        if (bits.isNumber() && otherBits.isNumber()) {
            row.put("bits_per_byte_difference", bits.doubleValue() - otherBits.doubleValue());
        } else {
            row.putNull("bits_per_byte_difference");
        }
        out.write(row);
    }

    private static ObjectNode withoutOther(Line line) throws IOException {
        ObjectNode row = parsed(line);
        ReportSample.forget(row);
        return row.putNull("compared").putNull("log_likelihood_difference").putNull("bits_per_byte_difference");
    }

    private static ObjectNode parsed(Line line) throws IOException {
        return (ObjectNode) JSON.readTree(line.row());
    }
}
