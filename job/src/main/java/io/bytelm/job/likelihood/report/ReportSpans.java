package io.bytelm.job.likelihood.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.job.likelihood.scoring.RowLine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps, as the spans of all documents pass by, those of the documents that the page shows, as far as it shows these. */
public final class ReportSpans {
    private final Map<String, Integer> shownBytes = new LinkedHashMap<>();
    private final Map<String, List<ShownSpan>> spans = new LinkedHashMap<>();

    private ReportSpans() {}

    /** Of the documents of a sample, which has seen all of them. */
    public static ReportSpans of(ReportSample sample) {
        ReportSpans found = new ReportSpans();
        sample.documents().forEach(document -> found.shownBytes.put(document.key(), document.beginning().length));
        return found;
    }

    /** Of a run whose documents were not split. */
    public static ReportSpans none() {
        return new ReportSpans();
    }

    /**
     * Considers a span.
     *
     * @param key that of its line
     * @param other the compared model's row; null if there is none
     */
    void offer(String key, ObjectNode row, @Nullable ObjectNode other) {
        String document = RowLine.documentOf(key);
        int from = row.path("from").intValue();
        if (from < shownBytes.getOrDefault(document, 0)) {
            double otherBits = other == null ? Double.NaN : other.path("bits").doubleValue();
            spans.computeIfAbsent(document, none -> new ArrayList<>())
                    .add(new ShownSpan(
                            from, row.path("to").intValue(), row.path("bits").doubleValue(), otherBits));
        }
    }

    /** In the order of the text; none of a document that was not split. */
    List<ShownSpan> of(SampledDocument document) {
        return spans.getOrDefault(document.key(), List.of());
    }

    boolean isEmpty() {
        return spans.isEmpty();
    }
}
