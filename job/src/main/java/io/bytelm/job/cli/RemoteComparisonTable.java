package io.bytelm.job.cli;

import io.bytelm.job.bench.BenchSettings;
import io.bytelm.job.bench.RemoteComparison;
import io.bytelm.job.bench.SideBySide;
import io.bytelm.job.terminal.Style;
import io.bytelm.job.terminal.Table;
import io.bytelm.job.terminal.Terminal;
import java.util.Locale;

/** What a remote service costs, for people. */
final class RemoteComparisonTable {
    private final Terminal terminal;

    RemoteComparisonTable(Terminal terminal) {
        this.terminal = terminal;
    }

    void print(RemoteComparison.Result result, BenchSettings settings) {
        terminal.emptyLine();
        terminal.line(terminal.styled(
                Style.BOLD,
                "K = %d, threshold %s".formatted(settings.width(), BenchTable.threshold(settings.firstThreshold()))));
        Table table = new Table(terminal, "", ">embedded", ">remote", ">remote/embedded", "");
        table.row(
                "documents of %d bytes, %d at once".formatted(settings.documentBytes(), settings.inFlight()),
                number(result.documents().embedded()),
                number(result.documents().remote()),
                ratio(result.documents()),
                "bytes/s");
        table.row(
                "streaming, %d sessions".formatted(result.sessions()),
                number(result.streaming().embedded()),
                number(result.streaming().remote()),
                ratio(result.streaming()),
                "bytes/s");
        if (!result.canonical().rounds().isEmpty()) {
            table.row(
                    "canonical, documents alone",
                    number(result.canonical().embedded()),
                    number(result.canonical().remote()),
                    ratio(result.canonical()),
                    "bytes/s");
        }
        table.row("added to a request whose answer is known, p50", "", number(result.addedMillis()), "", "ms");
        table.row(
                "on the wire, %d requests".formatted(result.requests()),
                "",
                number(result.wireBytesPerRequest()),
                "",
                "bytes a request, both ways");
        table.print();
    }

    private static String ratio(SideBySide sides) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * sides.ratio());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : "%.2f", value);
    }
}
