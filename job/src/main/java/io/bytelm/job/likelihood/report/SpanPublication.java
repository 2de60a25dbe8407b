package io.bytelm.job.likelihood.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.job.likelihood.report.SortedLines.Line;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the spans of one model, or those of two side by side, in the documents' order. Both split the same bytes alike; a
 * document that one of them has no score for has no spans of it.
 */
final class SpanPublication {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> OF_THE_TEXT = List.of("id", "span", "from", "to", "text", "text_hex", "bytes");

    private final RowWriter out;
    private final ReportSpans shown;

    /** @param shown is offered all spans */
    SpanPublication(RowWriter out, ReportSpans shown) {
        this.out = out;
        this.shown = shown;
    }

    /**
     * Writes all.
     *
     * @param others the second model's; null if there is none
     */
    void write(SortedLines lines, @Nullable SortedLines others) throws IOException {
        Line other = others == null ? null : others.next();
        for (Line line = lines.next(); line != null; line = lines.next()) {
            while (others != null && other != null && other.key().compareTo(line.key()) < 0) {
                other = others.next();
            }
            ObjectNode row = parsed(line);
            boolean isThere = other != null && other.key().equals(line.key());
            ObjectNode compared = isThere && other != null ? parsed(other) : null;
            shown.offer(line.key(), row, compared);
            if (others != null) {
                compare(row, compared);
            }
            out.write(row);
        }
    }

    private static void compare(ObjectNode row, @Nullable ObjectNode other) {
        if (other == null) {
            row.putNull("compared").putNull("log_likelihood_difference");
            return;
        }
        double difference = row.path("log_likelihood").doubleValue()
                - other.path("log_likelihood").doubleValue();
        other.remove(OF_THE_TEXT);
        row.set("compared", other);
        row.put("log_likelihood_difference", difference);
    }

    private static ObjectNode parsed(Line line) throws IOException {
        return (ObjectNode) JSON.readTree(line.row());
    }
}
