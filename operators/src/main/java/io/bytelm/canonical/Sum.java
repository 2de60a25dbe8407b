package io.bytelm.canonical;

import io.bytelm.dist.LogSpace;
import io.bytelm.lm.canonical.Head;
import io.bytelm.lm.canonical.Heads;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The probability of the bytes so far, as far as it is known.
 *
 * @param logKnown the log sum (nats) of the heads that have been evaluated
 * @param logDeferred the log sum (nats) of the weights of those that have not been
 * @param deferred contexts that have not been, whose weights bound what the heads at and after them hold
 * @param behind contexts that have been, but of which the masses of the last bytes are not at hand
 */
record Sum(double logKnown, double logDeferred, List<Opening> deferred, List<Opening> behind) {
    static Sum of(Heads heads, Openings openings) {
        double known = Double.NEGATIVE_INFINITY;
        double logDeferred = Double.NEGATIVE_INFINITY;
        List<Opening> deferred = new ArrayList<>(2);
        List<Opening> behind = new ArrayList<>(2);
        for (Head head : heads.heads()) {
            if (head.isClosed()) {
                continue; // told by the head that had the token open
            }
            Opening opening = openings.of(head);
            Masses masses = opening.masses();
            if (masses == null) {
                Opening first = openings.firstDue(opening);
                if (!holds(deferred, first)) {
                    deferred.add(first);
                    logDeferred = LogSpace.logAdd(logDeferred, first.logWeight());
                }
            } else if (masses.cover(head.open())) {
                known = LogSpace.logAdd(known, opening.logWeight() + masses.logMass(head.open()));
            } else {
                behind.add(opening);
            }
        }
        return new Sum(known, logDeferred, deferred, behind);
    }

    private static boolean holds(List<Opening> some, Opening one) {
        for (Opening other : some) {
            if (other == one) {
                return true;
            }
        }
        return false;
    }

    Certified certified() {
        return new Certified(logKnown, LogSpace.logAdd(logKnown, logDeferred));
    }

    /** Those to evaluate so that no context is deferred that holds more than the share; none if that is so. */
    List<Opening> due(double share) {
        List<Opening> due = new ArrayList<>(behind);
        if (!behind.isEmpty() && share > 0) {
            return due; // what is known of these may be enough
        }
        double least = Math.log(share) + LogSpace.logAdd(logKnown, logDeferred);
        for (Opening opening : deferred) {
            if (share == 0 || opening.logWeight() > least) {
                due.add(opening);
            }
        }
        if (due.isEmpty() && logKnown == Double.NEGATIVE_INFINITY) {
            deferred.stream()
                    .filter(opening -> !opening.hasNoWeight())
                    .max(Comparator.comparingDouble(Opening::logWeight))
                    .ifPresent(due::add);
        }
        return due;
    }
}
