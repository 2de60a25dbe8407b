package io.bytelm.job.likelihood.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.job.likelihood.report.HistogramPicture.Shown;
import io.bytelm.job.likelihood.scoring.RowLine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReportPageTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static ObjectNode row(String id, byte[] text, double bits, boolean coloured) {
        ObjectNode row = JSON.createObjectNode();
        row.put("id", id).put("bytes", text.length).put("bits_per_byte", bits);
        row.put("log_likelihood", -bits * text.length * Math.log(2));
        row.put(RowLine.BEGINNING, text);
        if (coloured) {
            ArrayNode logProbs = row.putArray("byte_logprobs");
            for (int at = 0; at < text.length; at++) {
                logProbs.add(-bits * Math.log(2));
            }
        }
        return row;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String page(List<ObjectNode> rows, @Nullable List<ObjectNode> others) throws IOException {
        ReportSample sample = new ReportSample();
        List<Statistics> statistics = List.of(new Statistics(), new Statistics());
        for (int i = 0; i < rows.size(); i++) {
            ObjectNode other = others == null ? null : others.get(i);
            statistics.get(0).add(rows.get(i), rows.get(i).path("bytes").longValue());
            if (other != null) {
                statistics.get(1).add(other, other.path("bytes").longValue());
            }
            sample.offer("k" + i, rows.get(i), other);
        }
        List<Shown> shown = new ArrayList<>(List.of(new Shown("m<1>", statistics.get(0))));
        if (others != null) {
            shown.add(new Shown("m2", statistics.get(1)));
        }
        return ReportPage.of(shown, sample, ReportSpans.none());
    }

    @Test
    void whateverADocumentHoldsIsShownAndNotRun() throws IOException {
        String hostile = "</pre><script>alert(1)</script><img src=x onerror=\"alert('2')\">&amp; \u0000\u202Etxet";
        String page = page(List.of(row("id\"><script>alert(3)</script>", bytes(hostile), 3, true)), null);

        assertThat(Pattern.compile("<script").matcher(page).results()).hasSize(1); // its own
        assertThat(page).doesNotContain("<img", "alert(1)</", "\u202E", "\u0000");
        String text = page.replaceAll("</?i[^>]*>", "");
        assertThat(text)
                .contains(
                        "&lt;/pre&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=&quot;alert(&#39;2&#39;)&quot;&gt;"
                                + "&amp;amp; <b>\u2400</b><b>U+202E</b>txet")
                .contains("id&quot;&gt;&lt;script&gt;alert(3)&lt;/script&gt;")
                .contains("<th>m&lt;1&gt;</th>");
    }

    @Test
    void itNeedsNoNetworkAndAllowsNoScriptButItsOwn() throws IOException {
        String page = page(List.of(row("a", bytes("some text, long enough"), 2, true)), null);
        assertThat(page).contains("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-");
        assertThat(page.replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("http://", "https://", "@import", "url(");
    }

    @Test
    void aByteThatWasLeftOutHasNoColourAndNoBits() throws IOException {
        ObjectNode row = row("a", bytes("a\u001db"), 1, false);
        row.putArray("byte_logprobs").add(-3.5 * Math.log(2)).addNull().add(-0.5 * Math.log(2));
        assertThat(page(List.of(row), null))
                .contains("data-a=\"3.50 - 0.50\"")
                .contains("<i class=\"a3\">a</i><i class=\"\"><b>\u241D</b></i><i class=\"a0\">b</i>");
    }

    @Test
    void aCellHasTheMeanSurprisalOfItsBytesAsItsClass() throws IOException {
        byte[] text = {'a', (byte) 0xC3, (byte) 0xA9, (byte) 0xFF, 'e', (byte) 0xCC, (byte) 0x81, '\n'};
        ObjectNode row = row("a", text, 1, false);
        ArrayNode logProbs = row.putArray("byte_logprobs");
        for (double bits : new double[] {0.5, 4, 8, 30, 1, 1, 4, 0}) {
            logProbs.add(-bits * Math.log(2));
        }
        assertThat(page(List.of(row), null))
                .contains(
                        "<pre dir=\"auto\" data-a=\"0.50 6.00 30.00 2.00 0.00\"><i class=\"a0\">a</i><i class=\"a6\">\u00E9</i>"
                                + "<i class=\"a9\"><b>\\xff</b></i><i class=\"a2\">e\u0301</i><i class=\"a0\"><b>\u21B5</b>\n</i></pre>");
    }

    @Test
    void withoutProbabilitiesOfBytesTextsArePlainAndTheOptionIsNamed() throws IOException {
        assertThat(page(List.of(row("a", bytes("some text"), 2, false)), null))
                .contains("<pre dir=\"auto\">some text</pre>", "<code>--byte-logprobs</code>")
                .doesNotContain("<button");
    }

    @Test
    void twoModelsAreComparedAsPointsAndByByte() throws IOException {
        byte[] text = bytes("some text, long enough");
        String page = page(List.of(row("a", text, 1, true)), List.of(row("a", text, 3.5, true)));

        assertThat(page)
                .contains("1.000 bits per byte; 3.500 by m2", "<circle cx=", "Models differ most")
                .contains("class=\"a1 c3 p3\">s</i>", "<button type=\"button\" data-view=\"d\"");
    }

    private static ObjectNode span(int from, int to, double bits) {
        return JSON.createObjectNode().put("from", from).put("to", to).put("bits", bits);
    }

    private static String pageWithSpans(ObjectNode row, @Nullable ObjectNode other, double otherBits)
            throws IOException {
        ReportSample sample = new ReportSample();
        Statistics statistics = new Statistics();
        statistics.add(row, row.path("bytes").longValue());
        sample.offer("in.txt\t7\t", row, other);
        ReportSpans spans = ReportSpans.of(sample);
        List<ObjectNode> found = List.of(span(0, 3, 2), span(3, 7, 13.5), span(7, 99, 40));
        for (int i = 0; i < found.size(); i++) {
            spans.offer("in.txt\t7.000" + i + "\t", found.get(i), other == null ? null : span(0, 0, otherBits));
        }
        spans.offer("in.txt\t8.0000\t", span(0, 3, 30), null);
        List<Shown> shown = new ArrayList<>(List.of(new Shown("m1", statistics)));
        if (other != null) {
            shown.add(new Shown("m2", statistics));
        }
        return ReportPage.of(shown, sample, spans);
    }

    @Test
    void spansAreAroundTheCellsThatBeginInThemAndInATable() throws IOException {
        String page = pageWithSpans(row("a", bytes("The <b>\n"), 1, false), null, 0);
        assertThat(page)
                .contains("<pre dir=\"auto\"><span class=\"u0\" title=\"span: 2.00 bits\">The</span>"
                        + "<span class=\"u4\" title=\"span: 13.50 bits\"> &lt;b&gt;</span>"
                        + "<span class=\"u9\" title=\"span: 40.00 bits\"><b>\u21B5</b>\n</span></pre>")
                .contains("<summary>3 spans</summary>", "<th dir=\"auto\"> &lt;b&gt;</th><td>4</td><td>13.50</td>")
                .contains("underlined, bits of a span", "<em>&hellip;</em></th><td>92</td>")
                .doesNotContain("u0 v1", "30.00 bits", "<button");
    }

    @Test
    void aSpanThatBeginsInTheMiddleOfACellIsAroundTheNextOne() throws IOException {
        byte[] text = bytes("ab\u00E9cdef");
        String page = pageWithSpans(row("a", text, 1, false), null, 0);
        assertThat(page)
                .contains(
                        "title=\"span: 2.00 bits\">ab\u00E9</span><span class=\"u4\" title=\"span: 13.50 bits\">cde</span>");
    }

    @Test
    void spansOfTwoModelsHaveBothAndTheirDifference() throws IOException {
        ObjectNode row = row("a", bytes("The end"), 1, true);
        String page = pageWithSpans(row, row.deepCopy(), 4.5);
        assertThat(page)
                .contains("<span class=\"u0 v1 x2\" title=\"span: 2.00 bits, 4.50 by the compared model\">")
                .contains("<span class=\"u4 v1 y4\"", "<th>bits by m2</th>", "<td>4.50</td><td>-9.00</td>")
                .contains("spans: less surprising for m1 by", "<button type=\"button\" data-view=\"d\"");
    }

    @Test
    void aSampleIsBoundedAndHasTheExtremes() throws IOException {
        ReportSample sample = new ReportSample();
        for (int i = 0; i < 5000; i++) {
            ObjectNode row = row("d" + i, bytes("a document of some bytes"), 1 + (i * 7919 % 5000) / 1000.0, false);
            sample.offer("k" + i, row, null);
            assertThat(row.has(RowLine.BEGINNING)).isFalse();
        }
        sample.offer("short", row("short", bytes("x"), 60, false), null);
        sample.offer("empty", row("empty", new byte[0], 0, false).putNull("bits_per_byte"), null);
        assertThat(sample.mostSurprising())
                .extracting(SampledDocument::bits)
                .containsExactly(5.999, 5.998, 5.997, 5.996, 5.995, 5.994);
        assertThat(sample.leastSurprising())
                .extracting(SampledDocument::bits)
                .containsExactly(1.0, 1.001, 1.002, 1.003, 1.004, 1.005);
        assertThat(sample.atRandom()).hasSize(6).doesNotHaveDuplicates();
        assertThat(sample.mostDiffering()).isEmpty();
    }
}
