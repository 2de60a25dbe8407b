package io.bytelm.job.likelihood.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Spans as HTML: how they are underlined, what the colours mean, and all of a document in a table. A span has the class {@code u0}
 * to {@code u9} for its bits by the first model, {@code v0} to {@code v9} by the compared one, and for the difference {@code x1} to
 * {@code x4} where the first model is less surprised, {@code y1} to {@code y4} where the compared one is.
 */
final class SpanMarks {
    private static final int CLASSES = 10;

    /** A class is so wide; the last one has all beyond. */
    private static final int CLASS_BITS = 3;

    private static final double[] DIFFERENCES = {1, 2, 4, 8};

    /** A longer table nobody reads; the file of spans has all. */
    private static final int MOST_ROWS = 200;

    private SpanMarks() {}

    static String opened(ShownSpan span) {
        return "<span class=\"" + classes(span) + "\" title=\"" + said(span) + "\">";
    }

    private static String classes(ShownSpan span) {
        String classes = "u" + level(span.bits());
        return span.isCompared() ? classes + " v" + level(span.otherBits()) + difference(span) : classes;
    }

    private static int level(double bits) {
        return (int) Math.min(CLASSES - 1.0, Math.max(0, bits / CLASS_BITS));
    }

    private static String difference(ShownSpan span) {
        int level = 0;
        while (level < DIFFERENCES.length && Math.abs(span.difference()) >= DIFFERENCES[level]) {
            level++;
        }
        return level == 0 ? "" : (span.difference() > 0 ? " x" : " y") + level;
    }

    private static String said(ShownSpan span) {
        String bits = String.format(Locale.ROOT, "span: %.2f bits", span.bits());
        return span.isCompared()
                ? bits + String.format(Locale.ROOT, ", %.2f by the compared model", span.otherBits())
                : bits;
    }

    /** What the colours of bits mean. */
    static String legend() {
        StringBuilder legend = new StringBuilder("<p class=\"legend of-bits\">underlined, bits of a span ");
        for (int level = 0; level < CLASSES; level++) {
            legend.append("<span class=\"u%d v%d\">%d%s</span>"
                    .formatted(level, level, level * CLASS_BITS, level == CLASSES - 1 ? " and more" : ""));
        }
        return legend.append("</p>").toString();
    }

    /** What the colours of differences mean. */
    static String differenceLegend(String first, String second) {
        StringBuilder legend =
                new StringBuilder("<p class=\"legend of-difference\">spans: less surprising for " + first + " by ");
        for (int level = DIFFERENCES.length; level >= 1; level--) {
            legend.append(key("x", level));
        }
        legend.append(" bits, for ").append(second).append(" by ");
        for (int level = 1; level <= DIFFERENCES.length; level++) {
            legend.append(key("y", level));
        }
        return legend.append(" bits</p>").toString();
    }

    private static String key(String side, int level) {
        return String.format(Locale.ROOT, "<span class=\"%s%d\">%.0f</span>", side, level, DIFFERENCES[level - 1]);
    }

    /**
     * The spans of a document, to be opened.
     *
     * @param others the name of the compared model, escaped; empty for none
     */
    static String table(SampledDocument document, List<ShownSpan> spans, String others) {
        boolean isCompared = !others.isEmpty();
        StringBuilder html =
                new StringBuilder("<details><summary>" + summary(spans.size()) + "</summary><table><thead><tr>");
        html.append("<th>span</th><th>bytes</th><th>bits</th><th>bits per byte</th>");
        html.append(isCompared ? "<th>bits by " + others + "</th><th>difference</th>" : "");
        html.append("</tr></thead><tbody>");
        for (ShownSpan span : spans.subList(0, Math.min(MOST_ROWS, spans.size()))) {
            int bytes = span.to() - span.from();
            html.append("<tr><th dir=\"auto\">").append(text(document, span)).append("</th>");
            html.append(String.format(
                    Locale.ROOT,
                    "<td>%,d</td><td>%.2f</td><td>%.3f</td>",
                    bytes,
                    span.bits(),
                    span.bits() / Math.max(1, bytes)));
            if (isCompared) {
                html.append(
                        span.isCompared()
                                ? String.format(
                                        Locale.ROOT, "<td>%.2f</td><td>%+.2f</td>", span.otherBits(), span.difference())
                                : "<td></td><td></td>");
            }
            html.append("</tr>");
        }
        return html.append("</tbody></table></details>").toString();
    }

    private static String summary(int spans) {
        String count = spans == 1 ? "1 span" : spans + " spans";
        return spans <= MOST_ROWS ? count : count + ", of which the first " + MOST_ROWS;
    }

    private static String text(SampledDocument document, ShownSpan span) {
        byte[] beginning = document.beginning();
        StringBuilder text = new StringBuilder();
        Cells.of(Arrays.copyOfRange(beginning, span.from(), Math.min(span.to(), beginning.length)))
                .forEach(cell -> text.append(cell.html()));
        return span.to() > beginning.length ? text + "<em>&hellip;</em>" : text.toString();
    }
}
