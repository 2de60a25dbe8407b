package io.bytelm.job.likelihood.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.job.likelihood.report.HistogramPicture.Shown;
import io.bytelm.job.likelihood.report.SortedLines.Line;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.jspecify.annotations.Nullable;

/** Makes the result files out of the lines that a job has committed. */
public final class Results {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path temporary;

    /**
     * What one model's pass over the documents has left.
     *
     * @param name of the model
     * @param rows files of lines
     * @param rejects files of lines
     * @param spans files of lines
     */
    public record Pass(
            String name,
            List<org.apache.flink.core.fs.Path> rows,
            List<org.apache.flink.core.fs.Path> rejects,
            List<org.apache.flink.core.fs.Path> spans) {
        /** Of a pass that split nothing. */
        public Pass(
                String name, List<org.apache.flink.core.fs.Path> rows, List<org.apache.flink.core.fs.Path> rejects) {
            this(name, rows, rejects, List.of());
        }
    }

    /** @param temporary a directory of this machine */
    public Results(Path temporary) {
        this.temporary = temporary;
    }

    /**
     * Writes the rows in the documents' order.
     *
     * @param passes one, or two that are written side by side
     * @param plan how they are written
     * @param sample is offered all documents that are counted
     * @return one a pass
     */
    public List<Statistics> writeRows(
            List<Pass> passes, RowWriter.Plan plan, ReportSample sample, org.apache.flink.core.fs.Path file)
            throws IOException {
        try (RowWriter out = plan.open(file, passes.size() > 1);
                SortedLines first = SortedLines.of(passes.get(0).rows, temporary)) {
            Publication publication = new Publication(out, sample);
            if (passes.size() == 1) {
                return List.of(publication.rows(first));
            }
            try (SortedLines second = SortedLines.of(passes.get(1).rows, temporary)) {
                return publication.rowsSideBySide(first, second);
            }
        }
    }

    /**
     * Writes the spans in the documents' order, and each document's in the text's.
     *
     * @param wordEnds whether it is said how probable words are
     * @param shown is offered all spans
     */
    public void writeSpans(
            List<Pass> passes,
            RowWriter.Plan plan,
            boolean wordEnds,
            ReportSpans shown,
            org.apache.flink.core.fs.Path file)
            throws IOException {
        boolean compared = passes.size() > 1;
        try (RowWriter out = plan.openSpans(file, compared, wordEnds);
                SortedLines first = SortedLines.of(passes.get(0).spans, temporary);
                SortedLines second = SortedLines.of(compared ? passes.get(1).spans : List.of(), temporary)) {
            new SpanPublication(out, shown).write(first, compared ? second : null);
        }
    }

    /**
     * Writes what has no score, in the documents' order. What one model alone has refused names that model.
     *
     * @return how many by reason
     */
    public Map<String, Long> writeRejects(List<Pass> passes, org.apache.flink.core.fs.Path file) throws IOException {
        Map<String, Long> byReason = new TreeMap<>();
        try (RowWriter out = new JsonLinesWriter(create(file));
                SortedLines first = SortedLines.of(passes.get(0).rejects, temporary);
                SortedLines second =
                        SortedLines.of(passes.size() == 1 ? List.of() : passes.get(1).rejects, temporary)) {
            Line line = first.next();
            Line other = second.next();
            while (line != null || other != null) {
                int order = line == null ? 1 : other == null ? -1 : line.key().compareTo(other.key());
                boolean alone = passes.size() > 1 && order != 0;
                Pass refusing = passes.get(order > 0 ? 1 : 0);
                write(order > 0 ? other : line, alone ? refusing.name : null, out, byReason);
                line = order <= 0 ? first.next() : line;
                other = order >= 0 ? second.next() : other;
            }
        }
        return byReason;
    }

    private static void write(@Nullable Line line, @Nullable String model, RowWriter out, Map<String, Long> byReason)
            throws IOException {
        if (line == null) {
            return;
        }
        ObjectNode reject = (ObjectNode) JSON.readTree(line.row());
        byReason.merge(reject.path("reason").asText(), 1L, Long::sum);
        if (model != null) {
            reject.put("model", model);
        }
        out.write(reject);
    }

    /** Draws a picture, unless no document has bytes; returns whether it did. */
    public boolean drawHistogram(List<Pass> passes, List<Statistics> statistics, org.apache.flink.core.fs.Path file)
            throws IOException {
        List<Shown> shown = shown(passes, statistics);
        if (shown.isEmpty()) {
            return false;
        }
        write(HistogramPicture.of(shown), file);
        return true;
    }

    /** Writes the page, unless no document has bytes; returns whether it did. */
    public boolean writeReport(
            List<Pass> passes,
            List<Statistics> statistics,
            ReportSample sample,
            ReportSpans spans,
            org.apache.flink.core.fs.Path file)
            throws IOException {
        List<Shown> shown = shown(passes, statistics);
        if (shown.isEmpty()) {
            return false;
        }
        write(ReportPage.of(shown, sample, spans), file);
        return true;
    }

    private static List<Shown> shown(List<Pass> passes, List<Statistics> statistics) {
        List<Shown> shown = new ArrayList<>();
        for (int i = 0; i < passes.size(); i++) {
            if (statistics.get(i).histogram().total() > 0) {
                shown.add(new Shown(passes.get(i).name, statistics.get(i)));
            }
        }
        return shown;
    }

    private static void write(String text, org.apache.flink.core.fs.Path file) throws IOException {
        try (OutputStream out = create(file)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** One model's totals, for the summary. */
    public static Map<String, Object> totals(Statistics statistics) {
        return statistics.toJson();
    }

    private static OutputStream create(org.apache.flink.core.fs.Path file) throws IOException {
        return file.getFileSystem().create(file, WriteMode.OVERWRITE);
    }
}
