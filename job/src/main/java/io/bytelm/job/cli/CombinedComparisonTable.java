package io.bytelm.job.cli;

import io.bytelm.combine.Combination;
import io.bytelm.job.ModelSettings;
import io.bytelm.job.bench.BenchSettings;
import io.bytelm.job.bench.CombinedComparison;
import io.bytelm.job.terminal.Style;
import io.bytelm.job.terminal.Table;
import io.bytelm.job.terminal.Terminal;
import java.util.List;
import java.util.Locale;

/** What several models reach together, for people. */
final class CombinedComparisonTable {
    private final Terminal terminal;

    CombinedComparisonTable(Terminal terminal) {
        this.terminal = terminal;
    }

    void print(
            CombinedComparison.Result result,
            List<ModelSettings> models,
            Combination combination,
            BenchSettings settings) {
        terminal.emptyLine();
        terminal.line(terminal.styled(
                Style.BOLD,
                "Documents of %d bytes, %d at once, K = %d, threshold %s"
                        .formatted(
                                settings.documentBytes(),
                                settings.inFlight(),
                                settings.width(),
                                BenchTable.threshold(settings.firstThreshold()))));
        Table table = new Table(terminal, "", ">bytes/s", "");
        for (int i = 0; i < models.size(); i++) {
            table.row("model %d alone, %s".formatted(i + 1, models.get(i).name()), number(result.alone(i)), "");
        }
        table.row("their share of the machine, each in its turn", number(result.shared()), "");
        table.row(
                "together, " + combination.described(),
                number(result.together()),
                String.format(Locale.ROOT, "%.0f %% of that share", 100 * result.efficiency()));
        table.print();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : "%.2f", value);
    }
}
