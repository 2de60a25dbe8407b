package io.bytelm.job.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.bytelm.beam.Lookahead;
import io.bytelm.combine.CombinedText;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.job.CombinedModel;
import io.bytelm.job.terminal.Bar;
import io.bytelm.job.terminal.ByteText;
import io.bytelm.job.terminal.Style;
import io.bytelm.job.terminal.Table;
import io.bytelm.job.terminal.Terminal;
import io.bytelm.record.NextSymbols;
import io.bytelm.record.SessionDefaults;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What comes next by several models together, and by each. */
final class CombinedNext {
    private static final int BAR_COLUMNS = 20;
    private static final JsonFactory JSON = new JsonFactory();

    private final CombinedModel model;
    private final SessionDefaults defaults;

    CombinedNext(CombinedModel model, SessionDefaults defaults) {
        this.model = model;
        this.defaults = defaults;
    }

    /** One line of JSON: {@code log_z} of the prefix and {@code log_probs} combined, and the latter of each model. */
    String json(byte[] prefix) {
        try (BlockingModels opened = new BlockingModels(model)) {
            CombinedText.Expected expected = expected(prefix, opened);
            List<Integer> longest = expected.longestContexts();
            boolean truncated = IntStream.range(0, longest.size()).anyMatch(i -> opened.isTruncated(i, longest.get(i)));
            return json(expected, truncated);
        }
    }

    private CombinedText.Expected expected(byte[] prefix, BlockingModels opened) {
        return opened.run(opened.after(prefix, defaults).predict(Lookahead.NONE));
    }

    private String json(CombinedText.Expected expected, boolean truncated) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeFieldName("log_z");
            NextJson.writeLog(json, expected.text().logProb());
            NextJson.writeLogProbs(json, expected.next());
            json.writeArrayFieldStart("models");
            for (int i = 0; i < expected.each().size(); i++) {
                json.writeStartObject();
                json.writeStringField("model", model.models().get(i).name());
                NextJson.writeLogProbs(json, expected.each().get(i));
                json.writeEndObject();
            }
            json.writeEndArray();
            if (truncated) {
                json.writeBooleanField("truncated", true);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a StringWriter does not fail", e);
        }
        return text.toString();
    }

    /** @param top how many symbols are listed */
    void print(byte[] prefix, int top, Terminal terminal) {
        try (BlockingModels opened = new BlockingModels(model)) {
            CombinedText.Expected expected = expected(prefix, opened);
            opened.printModels(terminal);
            NextTable.printPrefix(prefix, expected.text().logProb(), terminal);
            if (expected.next().isDeadEnd() || expected.text().isDead()) {
                terminal.line("  The models together give nothing that follows any probability.");
                return;
            }
            terminal.emptyLine();
            printNext(expected, top, terminal);
            opened.printTruncated(expected.longestContexts(), terminal);
        }
    }

    private static void printNext(CombinedText.Expected expected, int top, Terminal terminal) {
        List<String> headings = new ArrayList<>(List.of("next", "hex", ">combined", ""));
        for (int i = 0; i < expected.each().size(); i++) {
            headings.add(">model " + (i + 1));
        }
        Table table = new Table(terminal, headings.toArray(String[]::new));
        NextSymbols best = NextSymbols.top(expected.next(), top);
        for (int i = 0; i < best.size(); i++) {
            int symbol = best.symbols()[i];
            double probability = Math.exp(best.logProbs()[i]);
            List<String> cells = new ArrayList<>(List.of(
                    terminal.styled(Style.BOLD, ByteText.ofSymbol(symbol)),
                    terminal.styled(Style.DIM, symbol < 256 ? "%02x".formatted(symbol) : ""),
                    NextTable.percent(probability),
                    terminal.styled(Style.CYAN, Bar.of(probability, BAR_COLUMNS))));
            for (NextByteDistribution each : expected.each()) {
                cells.add(NextTable.percent(Math.exp(each.logProb(symbol))));
            }
            table.row(cells.toArray(String[]::new));
        }
        table.print();
    }
}
