package io.bytelm.job.cli;

import io.bytelm.job.bench.BenchReport;
import io.bytelm.job.bench.BenchReport.Canonical;
import io.bytelm.job.bench.BenchReport.CanonicalSessions;
import io.bytelm.job.bench.BenchReport.Documents;
import io.bytelm.job.bench.BenchReport.Streaming;
import io.bytelm.job.terminal.Style;
import io.bytelm.job.terminal.Table;
import io.bytelm.job.terminal.Terminal;
import java.util.List;
import java.util.Locale;

/** A benchmark's figures for people. */
final class BenchTable {
    private final Terminal terminal;

    BenchTable(Terminal terminal) {
        this.terminal = terminal;
    }

    void print(BenchReport report) {
        terminal.emptyLine();
        printDocuments(report);
        terminal.emptyLine();
        printOthers(report);
    }

    private void printDocuments(BenchReport report) {
        terminal.line(terminal.styled(
                Style.BOLD,
                "Documents of %d bytes, %d at once, K = %d"
                        .formatted(
                                report.settings().documentBytes(),
                                Math.min(
                                        report.settings().inFlight(),
                                        report.settings().documents()),
                                report.settings().width())));
        Table table = new Table(
                terminal,
                "",
                ">bytes/s",
                ">evaluations/byte",
                ">efficiency",
                ">requests/pass",
                ">cache hits",
                ">in the model",
                ">nats/byte");
        BenchReport.TokenLevel limit = report.tokenLevel();
        table.row(
                "token level",
                number(limit.bytesPerSecond()),
                number(limit.tokensPerByte()),
                "100 %",
                "",
                "",
                "",
                number(limit.natsPerByte()));
        for (Documents documents : report.documents()) {
            addRow(table, "threshold " + threshold(documents.threshold()), documents);
        }
        for (Canonical canonical : report.canonical()) {
            String what = canonical.everyByte()
                    ? "canonical, every byte, defer "
                            + threshold(canonical.documents().threshold())
                    : "canonical, documents alone";
            addRow(table, what, canonical.documents());
        }
        table.print();
        terminal.line(terminal.styled(
                Style.DIM,
                "  efficiency: evaluations per second, of the tokens per second that the token level reaches just before and"
                        + " after"));
        printWithoutCanonical(report);
        for (Documents documents : report.documents()) {
            if (documents.bytes() < report.documentBytes()) {
                terminal.line(terminal.styled(
                        Style.DIM,
                        "  threshold %s: only %s of the documents were read in the time; more --seconds read all"
                                .formatted(
                                        threshold(documents.threshold()),
                                        percent((double) documents.bytes() / report.documentBytes()))));
            }
        }
    }

    private void printWithoutCanonical(BenchReport report) {
        if (report.withoutCanonical() > 0) {
            terminal.line(terminal.styled(
                    Style.YELLOW,
                    "  canonical: left out %d of %d documents, which have a byte that no canonical tokenization goes on with"
                            .formatted(report.withoutCanonical(), report.documentCount())));
        }
    }

    private static void addRow(Table table, String what, Documents documents) {
        table.row(
                what,
                number(documents.bytesPerSecond()),
                number(documents.evaluationsPerByte()),
                percent(documents.efficiency()),
                number(documents.requestsPerPass()),
                percent(documents.cacheHitRate()),
                percent(documents.modelShare()),
                number(documents.natsPerByte()));
    }

    private void printOthers(BenchReport report) {
        double first = report.settings().firstThreshold();
        terminal.line(terminal.styled(Style.BOLD, "Threshold " + threshold(first)));
        Table table = new Table(terminal, "", ">", "");
        addSessions(table, "", report.streaming(), report.prefillBytesPerSecond(), report.outsideMicrosPerByte());
        BenchReport.Returning returning = report.returning();
        table.row(
                "returning, 1 session of %d bytes".formatted(returning.bytes()),
                number(returning.firstScoreMillis()),
                "ms to its first new score");
        table.row("  its tokens one by one", number(returning.walkedMillis()), "ms");
        CanonicalSessions canonical = report.canonicalSessions();
        if (canonical != null) {
            addSessions(
                    table,
                    "canonical, defer %s: ".formatted(threshold(canonical.defer())),
                    canonical.streaming(),
                    canonical.prefillBytesPerSecond(),
                    canonical.outsideMicrosPerByte());
        }
        Double megabytes = report.peakRssMegabytes();
        table.row("peak memory", megabytes == null ? "unknown" : number(megabytes), "MiB resident");
        table.print();
    }

    private static void addSessions(
            Table table, String what, List<Streaming> streaming, double prefillBytesPerSecond, double outsideMicros) {
        for (Streaming measured : streaming) {
            table.row(
                    what + "streaming, " + measured.sessions() + (measured.sessions() == 1 ? " session" : " sessions"),
                    number(measured.bytesPerSecond()),
                    "bytes/s");
        }
        table.row(what + "prefill, one prompt at a time", number(prefillBytesPerSecond), "bytes/s");
        table.row(what + "outside the model", number(outsideMicros), "us of processor time/byte");
    }

    /** As typed: 0.05, 0. */
    static String threshold(double value) {
        return value == 0 ? "0" : String.valueOf(value);
    }

    /** Three digits that count. */
    private static String number(double value) {
        int decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}
