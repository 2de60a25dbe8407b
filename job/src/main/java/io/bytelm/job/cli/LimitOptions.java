package io.bytelm.job.cli;

import io.bytelm.job.UserException;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionLimits;
import picocli.CommandLine.Option;

/** What the open of a session may not go beyond. */
final class LimitOptions {
    @Option(
            names = "--max-k",
            paramLabel = "N",
            order = 308,
            defaultValue = "64",
            description = "The widest beam that a session may open; beyond, its open is a dead letter."
                    + " Default: ${DEFAULT-VALUE}.")
    private int maxWidth;

    @Option(
            names = "--max-particles",
            paramLabel = "N",
            order = 308,
            defaultValue = "128",
            description = "The most particles that a session may open. Default: ${DEFAULT-VALUE}.")
    private int maxParticles;

    @Option(
            names = "--max-requests-per-round",
            paramLabel = "N",
            order = 308,
            defaultValue = "1024",
            description = "The most that its beam width times its particles may be: so much it asks of the model for"
                    + " each symbol. Default: ${DEFAULT-VALUE}.")
    private int maxRequestsPerRound;

    /** @throws UserException if a limit is less than 1, or the default beam width is not within them */
    SessionDefaults applyTo(SessionDefaults defaults) {
        try {
            return defaults.withLimits(new SessionLimits(maxWidth, maxParticles, maxRequestsPerRound));
        } catch (IllegalArgumentException e) {
            throw new UserException("--k, --max-k, --max-particles, --max-requests-per-round: " + e.getMessage(), e);
        }
    }
}
