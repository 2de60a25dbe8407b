package io.bytelm.job.cli;

import io.bytelm.job.UserException;
import io.bytelm.record.OnDeadEnd;
import io.bytelm.record.SessionDefaults;
import java.util.Map;
import picocli.CommandLine.Option;

/** What becomes of a text that cannot be read on. */
final class DeadEndOptions {
    /** The options for what an {@code open} asks for. */
    private static final Map<String, String> OPTIONS =
            Map.of("spans", "--spans", "anomaly", "--anomaly-window", "settled_tokens", "--settled-tokens");

    @Option(
            names = "--on-dead-end",
            paramLabel = "WHAT",
            order = 197,
            defaultValue = "stop",
            description =
                    "What becomes of a text where no way to read it goes on: stop, or restart: read on, with other"
                            + " tokenizations than those that were followed or, where no token fits, without the byte; what"
                            + " was left out is counted. Default: ${DEFAULT-VALUE}.")
    private OnDeadEnd onDeadEnd;

    /** @throws UserException if sessions that read on cannot have what these have */
    SessionDefaults applyTo(SessionDefaults defaults) {
        String asked = defaults.observing().asked();
        if (asked != null) {
            refuseBeside(OPTIONS.getOrDefault(asked, asked));
        }
        return defaults.withOnDeadEnd(onDeadEnd);
    }

    /** @throws UserException if texts are read on after dead ends */
    void refuseBeside(String option) {
        refuse(option, "a byte that is left out has no score");
    }

    /** @throws UserException if texts are read on after dead ends, which several models cannot */
    void refuseCombined() {
        refuse(CombineOptions.COMBINE, "the models do not have their dead ends at the same bytes");
    }

    private void refuse(String option, String why) {
        if (restarts()) {
            throw new UserException(
                    option + " cannot be had with --on-dead-end restart: " + why + "; leave one of them out");
        }
    }

    boolean restarts() {
        return onDeadEnd == OnDeadEnd.RESTART;
    }
}
