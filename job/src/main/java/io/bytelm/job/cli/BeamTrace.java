package io.bytelm.job.cli;

import io.bytelm.dist.NextByteDistribution;
import io.bytelm.job.cli.ReadSoFar.Way;
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

/** What was read after each byte, a few lines a byte: how surprising it was, what was expected, the tokenizations now. */
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

    /** @param logProbBefore before the byte (nats) */
    void afterByte(int read, NextByteDistribution expected, double logProbBefore, ReadSoFar after) {
        String byteShown = terminal.styled(Style.BOLD, padded(ByteText.ofSymbol(read), 4));
        if (after.isDeadEnd()) {
            terminal.line(
                    ROW, byteShown, "", padded("", BAR_COLUMNS), mostExpected(expected, terminal), "", "dead end");
            return;
        }
        double bits = (logProbBefore - after.logLower()) / Math.log(2);
        List<Way> ways = after.ways();
        line(
                byteShown,
                "%.2f".formatted(Math.max(0, bits)),
                bar(bits, terminal),
                mostExpected(expected, terminal),
                ways.get(0),
                after);
        ways.stream()
                .skip(1)
                .filter(way -> after.share(way) >= SMALLEST_SHARE)
                .limit(show - 1L)
                .forEach(way -> line(padded("", 4), "", padded("", BAR_COLUMNS), padded("", 9), way, after));
    }

    private void line(String read, String bits, String bar, String expected, Way way, ReadSoFar text) {
        String tokens = tokenization.of(way.tokens(), terminal.columns() - COLUMNS_BEFORE_TOKENS);
        terminal.line(ROW, read, bits, bar, expected, text.shownShare(way), tokens);
    }

    void end(int length, ReadSoFar last) {
        terminal.emptyLine();
        if (last.isDeadEnd()) {
            sayDeadEnd(last.isCertified());
            return;
        }
        double bits = -last.logLower() / Math.log(2);
        terminal.line(
                "%d bytes, log P = %.3f nats = %.2f bits: %s",
                length,
                last.logLower(),
                bits,
                terminal.styled(Style.BOLD, "%.3f bits per byte".formatted(bits / length)));
        if (last.logProb().gap() > 0) {
            terminal.line(
                    "That is from below; with what was deferred log P is at most %.3f nats.",
                    last.logProb().logUpper());
        }
    }

    private void sayDeadEnd(boolean canonical) {
        if (canonical) {
            terminal.line("A dead end: no canonical tokenization goes on so, or the model gives it no probability.");
            return;
        }
        terminal.line("A dead end: none of the tokenizations that were kept goes on so.");
        terminal.line("A wider beam (--k) or a smaller --prune keeps more of them.");
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
