package io.bytelm.job.cli;

import io.bytelm.job.bench.MemorySample;
import io.bytelm.job.bench.SoakResult;
import io.bytelm.job.terminal.Terminal;

/** A soak in front of people: a line a minute, and what came of it. */
final class SoakLines {
    private final Terminal terminal;

    SoakLines(Terminal terminal) {
        this.terminal = terminal;
        terminal.line(
                "  minutes   MiB resident   state cache   probabilities   bytes scored   tokens evicted   requests given up");
    }

    void minute(MemorySample sample) {
        terminal.line(
                "  %7.1f   %12.0f   %9.0f %%   %11.0f %%   %12d   %14d   %17d",
                sample.seconds() / 60,
                sample.residentMegabytes(),
                100 * sample.stateCacheFill(),
                100 * sample.rowCacheFill(),
                sample.bytesScored(),
                sample.evictedTokens(),
                sample.cancelledRequests() + sample.lateRequests());
    }

    void end(SoakResult result) {
        minute(result.last());
        MemorySample settled = result.settled();
        if (settled != null) {
            terminal.line(
                    "  settled after %.1f minutes with %.0f MiB; since then %.0f MiB at most (%+.1f %%)",
                    settled.seconds() / 60,
                    settled.residentMegabytes(),
                    result.highestMegabytes(),
                    100 * result.growth());
        }
        terminal.line(
                "  requests given up and asked again: %d cancelled, %d late",
                result.last().cancelledRequests(), result.last().lateRequests());
        terminal.line("  tensors: %d more than at the beginning", result.leakedArrays());
    }
}
