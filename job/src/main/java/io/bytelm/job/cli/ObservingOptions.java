package io.bytelm.job.cli;

import io.bytelm.job.UserException;
import io.bytelm.record.Observing;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What sessions that score say beside their log-likelihoods, if their open does not say otherwise. */
final class ObservingOptions {
    private static final double USUAL_ALERT_Z = 4;

    @Mixin
    private SpanOptions spans;

    @Option(
            names = "--anomaly-window",
            paramLabel = "BYTES",
            order = 312,
            defaultValue = "0",
            description =
                    "Also tell by how many standard deviations the surprisal of the last so many bytes is above what is"
                            + " usual in the session (z), and with --emit byte the rank of each byte; 0 for nothing."
                            + " Default: ${DEFAULT-VALUE}.")
    private int anomalyWindowBytes;

    @Option(
            names = "--alert-z",
            paramLabel = "Z",
            order = 312,
            description =
                    "From which z on there is an alert (--alerts); the next one comes when it has been below. Default: 4.")
    private @Nullable Double alertZ;

    @Option(
            names = "--settled-tokens",
            order = 313,
            description =
                    "Also tell the ids and places of the tokens of a session's text, once all ways to read it that are"
                            + " followed begin with them.")
    private boolean settledTokens;

    /**
     * @param alerts whether there is a topic for them
     * @throws UserException if an option is out of its range, or means nothing without another one
     */
    Observing observing(boolean alerts) {
        if (alertZ != null && !alerts) {
            throw new UserException("--alert-z means nothing without a topic for alerts (--alerts)");
        }
        double z = alertZ == null ? USUAL_ALERT_Z : alertZ;
        if (!(z > 0 && z < Double.POSITIVE_INFINITY)) {
            throw new UserException("--alert-z must be above 0, got " + z);
        }
        try {
            return new Observing(spans.rule(), anomalyWindowBytes, alerts ? z : 0, settledTokens);
        } catch (IllegalArgumentException e) {
            throw new UserException("--anomaly-window: " + e.getMessage(), e);
        }
    }
}
