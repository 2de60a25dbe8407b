package io.bytelm.job.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.job.terminal.Style;
import io.bytelm.job.terminal.Table;
import io.bytelm.job.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A run's summary for people. */
final class LikelihoodTable {
    private final Terminal terminal;

    LikelihoodTable(Terminal terminal) {
        this.terminal = terminal;
    }

    void print(JsonNode summary, String out) {
        terminal.emptyLine();
        printModels(summary.path("models"));
        summary.path("models").forEach(this::printCertificate);
        summary.path("models").forEach(this::printTruncated);
        printRejects(summary.path("rejects"));
        for (JsonNode speed : summary.path("throughput_since_last_start")) {
            terminal.line(terminal.styled(
                    Style.DIM,
                    String.format(
                            Locale.ROOT,
                            "  %s: %,.0f bytes/s, %s in %s",
                            speed.path("model").asText(),
                            speed.path("bytes_per_second").doubleValue(),
                            Quantities.bytes(speed.path("bytes").longValue()),
                            Quantities.seconds(speed.path("seconds").doubleValue()))));
        }
        terminal.line(
                "Rows, %srejects, summary and histogram are in %s.",
                summary.path("settings").has("spans") ? "spans, " : "", out);
    }

    private void printModels(JsonNode models) {
        Table table = new Table(
                terminal,
                "",
                ">documents",
                ">bytes",
                ">nats",
                ">bits/byte",
                ">5 %",
                ">median",
                ">95 %",
                ">evaluations/byte");
        for (JsonNode model : models) {
            JsonNode quantiles = model.path("bits_per_byte_quantiles");
            table.row(
                    terminal.styled(Style.BOLD, model.path("name").asText()),
                    String.format(Locale.ROOT, "%,d", model.path("documents").longValue()),
                    String.format(Locale.ROOT, "%,d", model.path("bytes").longValue()),
                    String.format(
                            Locale.ROOT, "%,.1f", model.path("log_likelihood").doubleValue()),
                    decimals(model.path("bits_per_byte")),
                    decimals(quantiles.path("0.05")),
                    decimals(quantiles.path("0.5")),
                    decimals(quantiles.path("0.95")),
                    String.format(
                            Locale.ROOT,
                            "%.3f",
                            model.path("evaluations").doubleValue()
                                    / Math.max(1, model.path("bytes").longValue())));
        }
        table.print();
        if (models.size() == 2) {
            double difference = models.get(0).path("bits_per_byte").doubleValue()
                    - models.get(1).path("bits_per_byte").doubleValue();
            terminal.line(
                    "  %s needs %.4f bits a byte %s than %s on the same bytes.",
                    models.get(0).path("name").asText(),
                    Math.abs(difference),
                    difference > 0 ? "more" : "less",
                    models.get(1).path("name").asText());
        }
    }

    private void printCertificate(JsonNode model) {
        if (model.has("log_likelihood_upper")) {
            double gap = model.path("log_likelihood_upper").doubleValue()
                    - model.path("log_likelihood").doubleValue();
            terminal.line(
                    "  canonical tokenizations: the nats of %s are %s",
                    model.path("name").asText(),
                    gap > 0
                            ? String.format(Locale.ROOT, "certified to lie at most %.4f above those shown", gap)
                            : "their exact sum");
        }
    }

    private void printTruncated(JsonNode model) {
        long documents = model.path("truncated_documents").longValue();
        if (documents > 0) {
            String line = String.format(
                    Locale.ROOT,
                    "  truncated: %s read %,d bytes of %,d %s after a shortened context; --window-bytes reads long documents"
                            + " in parts",
                    model.path("name").asText(),
                    model.path("truncated_bytes").longValue(),
                    documents,
                    documents == 1 ? "document" : "documents");
            terminal.line(terminal.styled(Style.YELLOW, line));
        }
    }

    private void printRejects(JsonNode rejects) {
        if (rejects.isEmpty()) {
            return;
        }
        List<String> reasons = new ArrayList<>();
        rejects.fields()
                .forEachRemaining(reason -> reasons.add(reason.getValue().asText() + " " + reason.getKey()));
        terminal.line(terminal.styled(Style.YELLOW, "  without a score: " + String.join(", ", reasons)));
    }

    private static String decimals(JsonNode value) {
        return value.isNumber() ? String.format(Locale.ROOT, "%.4f", value.doubleValue()) : "";
    }
}
