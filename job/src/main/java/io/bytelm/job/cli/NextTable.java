package io.bytelm.job.cli;

import io.bytelm.dist.NextByteDistribution;
import io.bytelm.job.cli.ReadSoFar.Way;
import io.bytelm.job.terminal.Bar;
import io.bytelm.job.terminal.ByteText;
import io.bytelm.job.terminal.Style;
import io.bytelm.job.terminal.Table;
import io.bytelm.job.terminal.Terminal;
import io.bytelm.job.terminal.Tokenization;
import io.bytelm.record.NextSymbols;
import io.bytelm.vocab.Vocabulary;
import java.util.List;
import java.util.Locale;

/** A text as it was read and what comes next, for people. */
final class NextTable {
    private static final int BAR_COLUMNS = 30;
    private static final int MOST_WAYS = 8;
    private static final int PREFIX_COLUMNS = 60;

    private final Terminal terminal;
    private final Vocabulary vocabulary;

    NextTable(Terminal terminal, Vocabulary vocabulary) {
        this.terminal = terminal;
        this.vocabulary = vocabulary;
    }

    void print(byte[] prefix, ReadSoFar read, NextByteDistribution next, int top) {
        printPrefix(prefix, read.logLower(), terminal);
        if (read.logProb().gap() > 0) {
            terminal.line(
                    "  with what was deferred log P is at most %.3f nats",
                    read.logProb().logUpper());
        }
        if (next.isDeadEnd()) {
            terminal.line(
                    read.isCertified()
                            ? "  No canonical tokenization reads these bytes, or the model gives it no probability."
                            : "  The beam is empty: no tokenization that it kept can read these bytes.");
            return;
        }
        terminal.emptyLine();
        printNext(next, top);
        terminal.emptyLine();
        printWays(read);
    }

    /** @param logProb of the prefix (nats) */
    static void printPrefix(byte[] prefix, double logProb, Terminal terminal) {
        if (prefix.length == 0) {
            terminal.line(terminal.styled(Style.BOLD, "At the beginning"));
            return;
        }
        String text = ByteText.of(prefix);
        String shown = text.length() <= PREFIX_COLUMNS ? text : "…" + text.substring(text.length() - PREFIX_COLUMNS);
        double bits = -logProb / Math.log(2);
        terminal.line(
                "%s %s  %d bytes, log P = %.3f nats, %.2f bits per byte",
                "After", terminal.styled(Style.BOLD, shown), prefix.length, logProb, bits / prefix.length);
    }

    private void printNext(NextByteDistribution next, int top) {
        Table table = new Table(terminal, "next", "hex", ">probability", "");
        NextSymbols best = NextSymbols.top(next, top);
        double listed = 0;
        for (int i = 0; i < best.size(); i++) {
            int symbol = best.symbols()[i];
            double probability = Math.exp(best.logProbs()[i]);
            listed += probability;
            table.row(
                    terminal.styled(Style.BOLD, ByteText.ofSymbol(symbol)),
                    terminal.styled(Style.DIM, symbol < 256 ? "%02x".formatted(symbol) : ""),
                    percent(probability),
                    terminal.styled(Style.CYAN, Bar.of(probability, BAR_COLUMNS)));
        }
        table.row(terminal.styled(Style.DIM, "all others"), "", percent(Math.max(0, 1 - listed)), "");
        table.print();
    }

    private void printWays(ReadSoFar read) {
        Table table = new Table(terminal, ">share", "tokens (the last one is still open)");
        Tokenization tokenization = new Tokenization(terminal, vocabulary);
        List<Way> ways = read.ways();
        for (Way way : ways.subList(0, Math.min(MOST_WAYS, ways.size()))) {
            table.row(read.shownShare(way), tokenization.of(way.tokens(), terminal.columns() - 16));
        }
        table.print();
        if (ways.size() > MOST_WAYS) {
            String what = read.isCertified() ? " more ways" : " more hypotheses";
            terminal.line(terminal.styled(Style.DIM, "           and " + (ways.size() - MOST_WAYS) + what));
        }
    }

    static String percent(double probability) {
        double percent = 100 * probability;
        return percent > 0 && percent < 0.005 ? "<0.01 %" : String.format(Locale.ROOT, "%.2f %%", percent);
    }
}
