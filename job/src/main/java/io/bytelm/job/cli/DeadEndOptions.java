package io.bytelm.job.cli;

import io.bytelm.job.UserException;
import io.bytelm.record.OnDeadEnd;
import io.bytelm.record.SessionDefaults;
import picocli.CommandLine.Option;

/** What becomes of a text that cannot be read on. */
final class DeadEndOptions {
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

    SessionDefaults applyTo(SessionDefaults defaults) {
        return defaults.withOnDeadEnd(onDeadEnd);
    }

    /** @throws UserException if texts are read on after dead ends, which several models cannot */
    void refuseCombined() {
        if (restarts()) {
            throw new UserException(CombineOptions.COMBINE
                    + " cannot be had with --on-dead-end restart: the models do not have their dead ends at the same bytes;"
                    + " leave one of them out");
        }
    }

    boolean restarts() {
        return onDeadEnd == OnDeadEnd.RESTART;
    }
}
