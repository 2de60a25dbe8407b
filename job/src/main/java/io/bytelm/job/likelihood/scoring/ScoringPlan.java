package io.bytelm.job.likelihood.scoring;

import io.bytelm.record.SessionDefaults;
import io.bytelm.service.ServiceSource;
import java.io.Serializable;

/**
 * What the operator is told.
 *
 * @param service opens the model on each subtask
 * @param beam how beams are kept
 * @param windows how long documents are scored
 * @param byteLogProbs whether rows list the log-probability of every byte
 * @param inFlight how many windows the subtasks of one process score at the same time, all together
 * @param inFlightBytes documents of so many bytes in all are held, or one that is longer
 */
public record ScoringPlan(
        ServiceSource service,
        SessionDefaults beam,
        Windows windows,
        boolean byteLogProbs,
        int inFlight,
        long inFlightBytes)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /** @throws IllegalArgumentException if a limit is less than 1 */
    public ScoringPlan {
        if (inFlight < 1 || inFlightBytes < 1) {
            throw new IllegalArgumentException(
                    "at least 1 window and 1 byte must be in flight, got " + inFlight + " and " + inFlightBytes);
        }
    }
}
