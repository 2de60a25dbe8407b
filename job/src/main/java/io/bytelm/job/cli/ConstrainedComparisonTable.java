package io.bytelm.job.cli;

import io.bytelm.job.bench.BenchSettings;
import io.bytelm.job.bench.ConstrainedComparison;
import io.bytelm.job.terminal.Style;
import io.bytelm.job.terminal.Table;
import io.bytelm.job.terminal.Terminal;
import java.util.Locale;

/** What outputs cost with a constraint and without, for people. */
final class ConstrainedComparisonTable {
    private final Terminal terminal;

    ConstrainedComparisonTable(Terminal terminal) {
        this.terminal = terminal;
    }

    void print(ConstrainedComparison.Result result, BenchSettings settings) {
        terminal.emptyLine();
        terminal.line(terminal.styled(
                Style.BOLD,
                "Outputs of at most %d bytes, %d at once, K = %d, threshold %s"
                        .formatted(
                                settings.documentBytes(),
                                settings.inFlight(),
                                settings.width(),
                                BenchTable.threshold(settings.firstThreshold()))));
        Table table = new Table(terminal, "", ">bytes/s", ">evaluations/byte");
        addRow(table, "without a constraint", result.middle().free());
        addRow(table, "with it, forced bytes among them", result.middle().constrained());
        table.print();
        terminal.line(String.format(
                Locale.ROOT,
                "  with it %.2f times the bytes per second, in the middle one of the rounds",
                result.ratio()));
    }

    private static void addRow(Table table, String what, ConstrainedComparison.Turn turn) {
        table.row(
                what,
                String.format(Locale.ROOT, "%.0f", turn.bytesPerSecond()),
                String.format(Locale.ROOT, "%.2f", turn.evaluationsPerByte()));
    }
}
