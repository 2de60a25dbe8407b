package io.bytelm.job.cli;

import io.bytelm.beam.Lookahead;
import io.bytelm.combine.CombinedText;
import io.bytelm.combine.ModelText;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.job.CombinedModel;
import io.bytelm.job.terminal.ByteText;
import io.bytelm.job.terminal.Style;
import io.bytelm.job.terminal.Terminal;
import io.bytelm.record.SessionDefaults;
import java.util.ArrayList;
import java.util.List;

/** Who said what: how surprising each byte is for several models together, and for each. */
final class CombinedExplanation {
    private static final int WIDTH = 9;

    private final CombinedModel model;
    private final SessionDefaults defaults;
    private final Terminal terminal;

    CombinedExplanation(CombinedModel model, SessionDefaults defaults, Terminal terminal) {
        this.model = model;
        this.defaults = defaults;
        this.terminal = terminal;
    }

    void print(byte[] bytes) {
        try (BlockingModels opened = new BlockingModels(model)) {
            opened.printModels(terminal);
            printHeadings();
            CombinedText text = opened.begin(defaults);
            for (int at = 0; at < bytes.length && !text.isDead(); at++) {
                Lookahead known = Lookahead.of(bytes, at).withRows();
                CombinedText.Expected expected = opened.run(text.predict(known));
                CombinedText after = opened.run(expected.text().advance(known));
                printByte(bytes[at] & 0xFF, expected, text.logProb() - after.logProb());
                text = after;
            }
            printEnd(bytes.length, text);
            opened.printTruncated(
                    text.texts().stream().map(ModelText::longestContext).toList(), terminal);
        }
    }

    private void printHeadings() {
        List<String> cells = new ArrayList<>(List.of("bits", BeamTrace.bar(0, terminal), padded("expected")));
        for (int i = 1; i <= model.models().size(); i++) {
            cells.add(right("model " + i));
            cells.add(padded("expects"));
        }
        terminal.line(terminal.styled(Style.DIM, row("byte", cells)));
    }

    private void printByte(int read, CombinedText.Expected expected, double nats) {
        double bits = nats / Math.log(2);
        List<String> cells = new ArrayList<>(List.of(
                number(bits), BeamTrace.bar(bits, terminal), BeamTrace.mostExpected(expected.next(), terminal)));
        for (NextByteDistribution each : expected.each()) {
            cells.add(right(number(-each.logProb(read) / Math.log(2))));
            cells.add(BeamTrace.mostExpected(each, terminal));
        }
        terminal.line(row(terminal.styled(Style.BOLD, "%-4s".formatted(ByteText.ofSymbol(read))), cells));
    }

    private static String row(String read, List<String> cells) {
        return "  %s  %6s  %s".formatted(read, cells.get(0), String.join("  ", cells.subList(1, cells.size())));
    }

    private static String number(double bits) {
        return Double.isInfinite(bits) ? "never" : "%.2f".formatted(Math.max(0, bits));
    }

    private static String padded(String text) {
        return text + " ".repeat(WIDTH - text.length());
    }

    private static String right(String text) {
        return " ".repeat(Math.max(0, WIDTH - text.length())) + text;
    }

    private void printEnd(int length, CombinedText last) {
        terminal.emptyLine();
        if (last.isDead()) {
            terminal.line("A dead end: the models together give this byte no probability.");
            return;
        }
        double bits = -last.logProb() / Math.log(2);
        terminal.line(
                "%d bytes, log P = %.3f nats = %.2f bits: %s",
                length,
                last.logProb(),
                bits,
                terminal.styled(Style.BOLD, "%.3f bits per byte".formatted(bits / length)));
        for (int i = 0; i < last.texts().size(); i++) {
            double own = -last.texts().get(i).logProb() / Math.log(2);
            terminal.line(
                    "model %d alone: %s",
                    i + 1,
                    own > 0 && Double.isInfinite(own) ? "a dead end" : "%.3f bits per byte".formatted(own / length));
        }
    }
}
