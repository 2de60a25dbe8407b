package io.bytelm.job.likelihood.report;

import io.bytelm.job.likelihood.report.Cells.Cell;
import io.bytelm.job.likelihood.report.SampledDocument.Compared;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/**
 * The beginning of a document as HTML: what can be seen of it, each cell with classes for the mean surprisal of its bytes,
 * {@code a0} to {@code a9} by the first model, {@code c0} to {@code c9} by the compared one, and for the difference {@code p1} to
 * {@code p4} where the first model is less surprised, {@code q1} to {@code q4} where the compared one is. Spans are around the
 * cells that begin in them.
 */
final class ColouredText {
    /** A class is one bit wide; the last one has all beyond. */
    static final int CLASSES = 10;

    /** From so many bits on (and less to the other side) a difference has the class of this place. */
    static final double[] DIFFERENCES = {0.5, 1, 2, 4};

    /** In the place of the bits of a byte that was left out; the page's script knows it. */
    private static final String LEFT_OUT = "-";

    private final SampledDocument document;
    private final Iterator<ShownSpan> spans;
    private final StringBuilder html = new StringBuilder();
    private final StringBuilder first = new StringBuilder();
    private final StringBuilder second = new StringBuilder();

    private ColouredText(SampledDocument document, List<ShownSpan> spans) {
        this.document = document;
        this.spans = spans.iterator();
    }

    /** A {@code pre} element; plain where the bytes' surprisal is not known. */
    static String of(SampledDocument document, List<ShownSpan> spans) {
        return new ColouredText(document, spans).written();
    }

    private String written() {
        List<Cell> cells = Cells.of(document.beginning());
        boolean isColoured = document.byteBits().length > 0;
        ShownSpan next = spans.hasNext() ? spans.next() : null;
        ShownSpan within = null;
        for (Cell cell : cells) {
            if (within != null && cell.from() >= within.to()) {
                html.append("</span>");
                within = null;
            }
            while (next != null && cell.from() >= next.to()) {
                next = spans.hasNext() ? spans.next() : null;
            }
            if (within == null && next != null && cell.from() >= next.from()) {
                html.append(SpanMarks.opened(next));
                within = next;
            }
            if (isColoured) {
                html.append("<i class=\"").append(classes(cell)).append("\">");
            }
            html.append(cell.html()).append(isColoured ? "</i>" : "");
        }
        html.append(within == null ? "" : "</span>");
        String more = document.bytes() > document.beginning().length ? "<em>&hellip;</em>" : "";
        return "<pre dir=\"auto\"" + data("a", first) + data("c", second) + ">" + html + more + "</pre>";
    }

    private static String data(String name, StringBuilder values) {
        return values.isEmpty() ? "" : " data-" + name + "=\"" + values + "\"";
    }

    private String classes(Cell cell) {
        double bits = mean(document.byteBits(), cell);
        add(first, bits);
        String classes = level("a", bits);
        Compared compared = document.compared();
        if (compared == null || compared.byteBits().length == 0) {
            return classes;
        }
        double others = mean(compared.byteBits(), cell);
        add(second, others);
        return classes + level(" c", others) + difference(others - bits);
    }

    private static void add(StringBuilder values, double bits) {
        String shown = Double.isNaN(bits) ? LEFT_OUT : String.format(Locale.ROOT, "%.2f", bits);
        values.append(values.isEmpty() ? "" : " ").append(shown);
    }

    private static double mean(double[] bits, Cell cell) {
        double sum = 0;
        for (int at = cell.from(); at < cell.to(); at++) {
            sum += bits[at];
        }
        return sum / (cell.to() - cell.from());
    }

    private static String level(String side, double bits) {
        return Double.isNaN(bits) ? "" : side + (int) Math.min(CLASSES - 1.0, bits);
    }

    private static String difference(double bits) {
        int level = 0;
        while (level < DIFFERENCES.length && Math.abs(bits) >= DIFFERENCES[level]) {
            level++;
        }
        return level == 0 ? "" : (bits > 0 ? " p" : " q") + level;
    }
}
