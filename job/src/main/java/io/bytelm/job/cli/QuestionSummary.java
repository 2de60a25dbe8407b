package io.bytelm.job.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.bytelm.job.candidates.QuestionTotals;
import io.bytelm.job.terminal.Style;
import io.bytelm.job.terminal.Table;
import io.bytelm.job.terminal.Terminal;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;

/** What came of a file of questions, for people and as a line of JSON. */
final class QuestionSummary {
    private static final JsonFactory JSON = new JsonFactory();

    private QuestionSummary() {}

    static void print(QuestionTotals totals, Terminal terminal) {
        Table table = new Table(terminal, "", "");
        table.row("questions", Long.toString(totals.questions()));
        table.row("candidates", Long.toString(totals.candidates()));
        if (totals.withGold() > 0) {
            String of = " of " + totals.withGold();
            table.row("right", percent(totals.correct(), totals.withGold()) + of);
            table.row("right, per byte", percent(totals.correctPerByte(), totals.withGold()) + of);
            table.row("mean log share", String.format(Locale.ROOT, "%.4f nats", meanGoldLogProb(totals)));
        }
        table.print();
        if (totals.rejected() > 0) {
            terminal.line(terminal.styled(
                    Style.YELLOW, totals.rejected() + " lines have no answer; their rows say why in \"error\""));
        }
        if (totals.truncated() > 0) {
            terminal.line(terminal.styled(
                    Style.YELLOW, totals.truncated() + " questions are longer than the model's context"));
        }
    }

    private static String percent(long part, long whole) {
        return String.format(Locale.ROOT, "%.2f %%", 100.0 * part / whole);
    }

    private static double meanGoldLogProb(QuestionTotals totals) {
        return totals.goldLogProb() / totals.withGold();
    }

    /** What only questions with a known answer tell is absent where there is none. */
    static String json(QuestionTotals totals) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeNumberField("questions", totals.questions());
            json.writeNumberField("rejected", totals.rejected());
            json.writeNumberField("candidates", totals.candidates());
            json.writeNumberField("truncated", totals.truncated());
            json.writeNumberField("with_gold", totals.withGold());
            if (totals.withGold() > 0) {
                json.writeNumberField("accuracy", (double) totals.correct() / totals.withGold());
                json.writeNumberField("accuracy_per_byte", (double) totals.correctPerByte() / totals.withGold());
                writeMean(meanGoldLogProb(totals), json);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a StringWriter does not fail", e);
        }
        return text.toString();
    }

    private static void writeMean(double mean, JsonGenerator json) throws IOException {
        json.writeFieldName("mean_gold_logprob");
        if (Double.isInfinite(mean)) {
            json.writeNull();
        } else {
            json.writeNumber(mean);
        }
    }
}
