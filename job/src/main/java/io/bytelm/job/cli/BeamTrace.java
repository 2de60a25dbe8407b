package io.bytelm.job.cli;

import io.bytelm.beam.Beam;
import io.bytelm.beam.Hypothesis;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.job.terminal.Bar;
import io.bytelm.job.terminal.ByteText;
import io.bytelm.job.terminal.Style;
import io.bytelm.job.terminal.Terminal;
import io.bytelm.job.terminal.Tokenization;
import io.bytelm.record.NextSymbols;
import io.bytelm.vocab.Vocabulary;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The beam after each byte, a few lines a byte: how surprising it was, what was expected, the tokenizations now. */
final class BeamTrace {
    private static final int BAR_COLUMNS = 12;
    private static final double BITS_OF_WHOLE_BAR = 12;
    private static final double FEW_BITS = 1.5;
    private static final double MANY_BITS = 5;
    private static final int EXPECTED = 3;
    private static final double SMALLEST_SHARE = 0.001;
    private static final int COLUMNS_BEFORE_TOKENS = 51;
    private static final String ROW = "  %s  %6s  %s  %s  %8s  %s";

    private final Terminal terminal;
    private final Tokenization tokenization;
    private final int show;

    BeamTrace(Terminal terminal, Vocabulary vocabulary, int show) {
        this.terminal = terminal;
        this.tokenization = new Tokenization(terminal, vocabulary);
        this.show = show;
    }

    void begin() {
        terminal.line(terminal.styled(
                Style.DIM,
                ROW.formatted("byte", "bits", padded("", BAR_COLUMNS), padded("expected", 9), "share", "tokens")));
    }

    /** @param logZBefore of the beam before the byte (nats) */
    void afterByte(int read, NextByteDistribution expected, double logZBefore, Beam after) {
        String byteShown = terminal.styled(Style.BOLD, padded(ByteText.ofSymbol(read), 4));
        if (isDeadEnd(after)) {
            terminal.line(ROW, byteShown, "", padded("", BAR_COLUMNS), mostExpected(expected, terminal), "", "dead end");
            return;
        }
        double bits = (logZBefore - after.logZ()) / Math.log(2);
        List<Hypothesis> hypotheses = after.hypotheses();
        line(
                byteShown,
                "%.2f".formatted(Math.max(0, bits)),
                bar(bits, terminal),
                mostExpected(expected, terminal),
                hypotheses.get(0),
                after);
        hypotheses.stream()
                .skip(1)
                .filter(h -> share(h, after) >= SMALLEST_SHARE)
                .limit(show - 1L)
                .forEach(h -> line(padded("", 4), "", padded("", BAR_COLUMNS), padded("", 9), h, after));
    }

    private void line(String read, String bits, String bar, String expected, Hypothesis h, Beam beam) {
        String tokens = tokenization.of(h, terminal.columns() - COLUMNS_BEFORE_TOKENS);
        terminal.line(ROW, read, bits, bar, expected, NextTable.percent(share(h, beam)), tokens);
    }

    private static double share(Hypothesis hypothesis, Beam beam) {
        return Math.exp(hypothesis.logWeight() - beam.logZ());
    }

    /** Also where hypotheses are left, none of which is possible: an EOS token was read as bytes, for instance. */
    static boolean isDeadEnd(Beam beam) {
        return beam.logZ() == Double.NEGATIVE_INFINITY;
    }

    void end(int length, Beam last) {
        terminal.emptyLine();
        if (isDeadEnd(last)) {
            terminal.line("A dead end: none of the tokenizations that were kept goes on so.");
            terminal.line("A wider beam (--k) or a smaller --prune keeps more of them.");
            return;
        }
        double bits = -last.logZ() / Math.log(2);
        terminal.line(
                "%d bytes, log P = %.3f nats = %.2f bits: %s",
                length, last.logZ(), bits, terminal.styled(Style.BOLD, "%.3f bits per byte".formatted(bits / length)));
    }

    /** How surprising a byte was, {@value #BAR_COLUMNS} columns wide. */
    static String bar(double bits, Terminal terminal) {
        Style style = bits < FEW_BITS ? Style.GREEN : bits < MANY_BITS ? Style.YELLOW : Style.RED;
        String bar = Bar.of(bits / BITS_OF_WHOLE_BAR, BAR_COLUMNS);
        return terminal.styled(style, bar) + " ".repeat(BAR_COLUMNS - bar.length());
    }

    /** The three most probable symbols. */
    static String mostExpected(NextByteDistribution expected, Terminal terminal) {
        NextSymbols best = NextSymbols.top(expected, EXPECTED);
        String text = Arrays.stream(best.symbols())
                .mapToObj(symbol -> symbol < 256 ? ByteText.ofSymbol(symbol) : "end")
                .collect(Collectors.joining(" "));
        return terminal.styled(Style.DIM, padded(text, 9));
    }

    private static String padded(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - text.length()));
    }
}
