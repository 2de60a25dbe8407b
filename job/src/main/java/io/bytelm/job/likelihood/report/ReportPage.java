package io.bytelm.job.likelihood.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bytelm.job.likelihood.report.HistogramPicture.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A run as one HTML page that needs no network: totals, the histogram, how two models compare, and a sample of the documents.
 * Documents are data: whatever they hold is shown and never run, and the page allows no script but its own.
 */
public final class ReportPage {
    /** Of what a document is called: lines of JSON may call it anything. */
    private static final int MOST_SHOWN_CHARACTERS = 200;

    private final List<Shown> models;
    private final ReportSample sample;
    private final ReportSpans spans;
    private final StringBuilder html = new StringBuilder();

    private ReportPage(List<Shown> models, ReportSample sample, ReportSpans spans) {
        this.models = models;
        this.sample = sample;
        this.spans = spans;
    }

    /** @param models one or two, each with at least one document that has bytes */
    public static String of(List<Shown> models, ReportSample sample, ReportSpans spans) {
        return new ReportPage(models, sample, spans).written();
    }

    private String written() {
        String script = resource("report.js");
        add("<!DOCTYPE html>", "<html lang=\"en\">", "<head>", "<meta charset=\"utf-8\">");
        add("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline';"
                + " script-src 'sha256-" + sha256(script) + "'\">");
        add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        add("<title>Likelihood by " + escaped(models.get(0).name()) + "</title>");
        add("<style>" + resource("report.css") + "</style>", "</head>", "<body>", "<main>");
        add("<h1>Likelihood</h1>");
        addTotals();
        add("<h2>Bits per byte</h2>", "<div class=\"pictures\"><div class=\"picture\">");
        add(HistogramPicture.of(models), "</div>");
        if (sample.isCompared()) {
            add(ScatterPicture.of(sample.points(), name(0), name(1)));
        }
        add("</div>");
        addDocuments();
        add("</main>", "<script>" + script + "</script>", "</body>", "</html>");
        return html.toString();
    }

    private void addTotals() {
        add("<table><thead><tr><th>model</th><th>documents</th><th>bytes</th><th>log-likelihood (nats)</th>"
                + "<th>bits per byte</th><th>5&nbsp;%</th><th>median</th><th>95&nbsp;%</th></tr></thead><tbody>");
        for (Shown model : models) {
            Statistics totals = model.statistics();
            add(String.format(
                    Locale.ROOT,
                    "<tr><th>%s</th><td>%,d</td><td>%,d</td><td>%,.1f</td><td>%.4f</td><td>%.3f</td><td>%.3f</td>"
                            + "<td>%.3f</td></tr>",
                    escaped(model.name()),
                    totals.documents(),
                    totals.bytes(),
                    totals.logLikelihood(),
                    totals.bitsPerByte(),
                    totals.histogram().quantile(0.05),
                    totals.histogram().quantile(0.5),
                    totals.histogram().quantile(0.95)));
        }
        add("</tbody></table>");
    }

    private void addDocuments() {
        add("<section id=\"documents\" data-view=\"a\">", "<h2>Documents</h2>");
        boolean isColoured = sample.atRandom().stream().anyMatch(document -> document.byteBits().length > 0);
        if (isColoured || !spans.isEmpty()) {
            addViews();
        }
        if (isColoured) {
            addLegends();
        } else {
            add("<p>Give <code>--byte-logprobs</code> to see how surprising each byte is.</p>");
        }
        if (!spans.isEmpty()) {
            addSpanLegends();
        }
        addGroup("Most surprising", sample.mostSurprising());
        addGroup("Least surprising", sample.leastSurprising());
        addGroup("Models differ most", sample.mostDiffering());
        addGroup("Drawn at random", sample.atRandom());
        add("</section>");
    }

    private void addViews() {
        if (sample.isCompared()) {
            add("<p class=\"views\" role=\"group\" aria-label=\"What colours show\">");
            addView("a", name(0), true);
            addView("c", name(1), false);
            addView("d", "difference", false);
            add("</p>");
        }
    }

    private void addView(String view, String name, boolean isShown) {
        add("<button type=\"button\" data-view=\"" + view + "\" aria-pressed=\"" + isShown + "\">" + name
                + "</button>");
    }

    private void addLegends() {
        StringBuilder surprisal = new StringBuilder("<p class=\"legend of-bits\">surprisal, bits per byte ");
        for (int level = 0; level < ColouredText.CLASSES; level++) {
            surprisal
                    .append("<i class=\"a")
                    .append(level)
                    .append(" c")
                    .append(level)
                    .append("\">")
                    .append(level);
            surprisal.append(level == ColouredText.CLASSES - 1 ? " and more</i>" : "</i>");
        }
        add(surprisal + "</p>");
        if (sample.isCompared()) {
            StringBuilder difference =
                    new StringBuilder("<p class=\"legend of-difference\">less surprising for " + name(0) + " by ");
            for (int level = ColouredText.DIFFERENCES.length; level >= 1; level--) {
                difference.append(differenceKey("p", level));
            }
            difference.append(" bits, for ").append(name(1)).append(" by ");
            for (int level = 1; level <= ColouredText.DIFFERENCES.length; level++) {
                difference.append(differenceKey("q", level));
            }
            add(difference + " bits</p>");
        }
    }

    private void addSpanLegends() {
        add(SpanMarks.legend());
        if (sample.isCompared()) {
            add(SpanMarks.differenceLegend(name(0), name(1)));
        }
    }

    private static String differenceKey(String side, int level) {
        return String.format(
                Locale.ROOT, "<i class=\"%s%d\">%.1f</i>", side, level, ColouredText.DIFFERENCES[level - 1]);
    }

    private void addGroup(String heading, List<SampledDocument> documents) {
        if (documents.isEmpty()) {
            return;
        }
        add("<h3>" + heading + "</h3>");
        for (SampledDocument document : documents) {
            add("<article><header><b>" + escaped(shortened(document.id())) + "</b> <span>" + numbers(document)
                    + "</span></header>");
            List<ShownSpan> ofDocument = spans.of(document);
            add(ColouredText.of(document, ofDocument));
            if (!ofDocument.isEmpty()) {
                add(SpanMarks.table(document, ofDocument, sample.isCompared() ? name(1) : ""));
            }
            add("</article>");
        }
    }

    private String numbers(SampledDocument document) {
        String numbers = String.format(Locale.ROOT, "%,d bytes, %.3f bits per byte", document.bytes(), document.bits());
        SampledDocument.Compared compared = document.compared();
        return compared == null
                ? numbers
                : numbers + String.format(Locale.ROOT, "; %.3f by ", compared.bits()) + name(1);
    }

    private String name(int model) {
        return escaped(models.get(model).name());
    }

    private static String shortened(String id) {
        int most = id.offsetByCodePoints(0, Math.min(MOST_SHOWN_CHARACTERS, id.codePointCount(0, id.length())));
        return most == id.length() ? id : id.substring(0, most) + "\u2026";
    }

    /** Text inside an element, as the cells of a document are written. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        Cells.of(text.getBytes(UTF_8)).forEach(cell -> escaped.append(cell.html()));
        return escaped.toString().replace("<b>", "").replace("</b>", "");
    }

    private void add(String... lines) {
        for (String line : lines) {
            html.append(line).append('\n');
        }
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(ReportPage.class.getResourceAsStream("/report/" + name), name)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the program's own " + name + " cannot be read", e);
        }
    }

    private static String sha256(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
