package io.bytelm.job.cli;

import io.bytelm.job.UserException;
import io.bytelm.record.Observing;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What sessions that score say beside their log-likelihoods, if their open does not say otherwise. */
final class ObservingOptions {
    @Mixin
    private SpanOptions spans;

    @Option(
            names = "--anomaly-window",
            paramLabel = "BYTES",
            order = 312,
            defaultValue = "0",
            description = "Also tell by how many standard deviations the surprisal of the last so many bytes is above what is"
                    + " usual in the session (z), and with --emit byte the rank of each byte; 0 for nothing."
                    + " Default: ${DEFAULT-VALUE}.")
    private int anomalyWindowBytes;

    @Option(
            names = "--settled-tokens",
            order = 313,
            description = "Also tell the ids and places of the tokens of a session's text, once all ways to read it that are"
                    + " followed begin with them.")
    private boolean settledTokens;

    /** @throws UserException if an option is out of its range */
    Observing observing() {
        try {
            return new Observing(spans.rule(), anomalyWindowBytes, settledTokens);
        } catch (IllegalArgumentException e) {
            throw new UserException("--anomaly-window: " + e.getMessage(), e);
        }
    }
}
