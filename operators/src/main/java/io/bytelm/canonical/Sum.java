package io.bytelm.canonical;

import io.bytelm.dist.LogSpace;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.canonical.Head;
import io.bytelm.lm.canonical.Heads;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The probability of the bytes so far, as far as it is known.
 *
 * @param logKnown the log sum (nats) of the heads that have been evaluated
 * @param deferred contexts that have not been, whose weights bound what the heads at and after them hold
 * @param behind contexts that have been, but of which the masses of the last bytes are not at hand
 */
record Sum(double logKnown, List<Opening> deferred, List<Opening> behind) {
    static Sum of(Heads heads, Openings openings) {
        List<Double> known = new ArrayList<>();
        Map<TokenContext, Opening> deferred = new HashMap<>();
        List<Opening> behind = new ArrayList<>();
        for (Head head : heads.heads()) {
            Opening opening = openings.of(head);
            if (head.isClosed()) {
                continue; // told by the head that had the token open
            }
            if (opening.masses() == null) {
                Opening first = openings.firstDue(opening);
                deferred.put(first.context(), first);
            } else if (opening.masses().cover(head.open())) {
                known.add(opening.logWeight() + opening.masses().logMass(head.open()));
            } else {
                behind.add(opening);
            }
        }
        return new Sum(logSum(known), List.copyOf(deferred.values()), behind);
    }

    private static double logSum(List<Double> logs) {
        return LogSpace.logSumExp(logs.stream().mapToDouble(log -> log).toArray());
    }

    double logDeferred() {
        return logSum(deferred.stream().map(Opening::logWeight).toList());
    }

    Certified certified() {
        return new Certified(logKnown, LogSpace.logAdd(logKnown, logDeferred()));
    }

    /** Those to evaluate so that no context is deferred that holds more than the share; none if that is so. */
    List<Opening> due(double share) {
        List<Opening> due = new ArrayList<>(behind);
        if (!behind.isEmpty() && share > 0) {
            return due; // what is known of these may be enough
        }
        double least = Math.log(share) + certified().logUpper();
        deferred.stream()
                .filter(opening -> share == 0 || opening.logWeight() > least)
                .forEach(due::add);
        if (due.isEmpty() && logKnown == Double.NEGATIVE_INFINITY) {
            deferred.stream()
                    .filter(opening -> !opening.hasNoWeight())
                    .max(Comparator.comparingDouble(Opening::logWeight))
                    .ifPresent(due::add);
        }
        return due;
    }
}
