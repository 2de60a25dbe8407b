package io.bytelm.beam;

import io.bytelm.dist.LogSpace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Prunes a beam by what is allowed to come next: hypotheses, and the tokens that they could close, are kept by their share
 * of the allowed mass, not by their share of all.
 *
 * <p>What goes on within an open token is known without the model. What closing a token allows is not: its weight is only
 * a bound, and to know it takes an evaluation. So the closings are asked for as long as they could have more than the
 * threshold's share of what is known to be allowed together with what the others could have. Of the hypotheses the K
 * with the largest bounds are looked at; the others only if these allow nothing.
 */
final class Narrowing {
    private final Beam beam;
    private final Reach reach;
    private final double logThreshold;

    Narrowing(Beam beam, Reach reach) {
        this.beam = beam;
        this.reach = reach;
        this.logThreshold = beam.params().logPruneThreshold();
    }

    /**
     * @param found ways with allowed mass
     * @param unasked closings that have not been asked for
     * @param reserve hypotheses that have not been looked at, the one with the largest bound first
     */
    private record Progress(
            List<Hypothesis> found, List<Hypothesis> unasked, List<Hypothesis> reserve, boolean ended) {}

    /** The ways that are kept. */
    Step<Continuations> run() {
        List<Step<Hypothesis>> asked = new ArrayList<>();
        beam.hypotheses().forEach(h -> asked.add(goesOn(h) ? ask(h) : Step.done(h)));
        return Step.together(asked)
                .then(informed -> Step.loop(
                                new Progress(List.of(), List.of(), ranked(informed), false),
                                progress -> !progress.ended(),
                                this::goOn)
                        .map(end -> new Continuations(beam.withSorted(informed), kept(end.found()))));
    }

    private static boolean goesOn(Hypothesis hypothesis) {
        return !hypothesis.terminated() && hypothesis.hasMass();
    }

    private Step<Hypothesis> ask(Hypothesis h) {
        byte[] open = h.partial();
        return reach.isKnown(h)
                ? Step.done(h)
                : Inquiry.along(beam.params(), h, reach.path(open), reach.rowsFrom(open.length));
    }

    private List<Hypothesis> ranked(List<Hypothesis> informed) {
        record Bounded(Hypothesis hypothesis, double logBound) {}
        return informed.stream()
                .filter(Narrowing::goesOn)
                .map(h -> new Bounded(h, LogSpace.logAdd(reach.logMass(h), Beam.logSum(closings(h)))))
                .filter(bounded -> bounded.logBound > Double.NEGATIVE_INFINITY)
                .sorted(Comparator.comparingDouble(bounded -> -bounded.logBound)) // stable
                .map(Bounded::hypothesis)
                .toList();
    }

    private List<Hypothesis> closings(Hypothesis h) {
        return h.extend(beam.mode()).stream().filter(Hypothesis::hasMass).toList();
    }

    private Step<Progress> goOn(Progress at) {
        List<Hypothesis> asking = worthAsking(at);
        if (!asking.isEmpty()) {
            List<Hypothesis> unasked =
                    at.unasked().stream().filter(h -> !asking.contains(h)).toList();
            return Step.together(asking.stream().map(this::ask).toList())
                    .map(told -> new Progress(with(at.found(), told), unasked, at.reserve(), false));
        }
        boolean looksFurther = at.found().isEmpty() && !at.reserve().isEmpty();
        return Step.done(looksFurther ? withMore(at) : new Progress(at.found(), at.unasked(), at.reserve(), true));
    }

    private List<Hypothesis> worthAsking(Progress at) {
        double logKnown = logMassOf(at.found());
        double logTotal = LogSpace.logAdd(logKnown, Beam.logSum(at.unasked()));
        List<Hypothesis> above = at.unasked().stream()
                .filter(h -> LogSpace.logDivide(h.logWeight(), logTotal) > logThreshold)
                .toList();
        return above.isEmpty() && at.found().isEmpty() ? at.unasked() : above;
    }

    private Progress withMore(Progress at) {
        int count = Math.min(beam.params().width(), at.reserve().size());
        List<Hypothesis> next = at.reserve().subList(0, count);
        List<Hypothesis> closings =
                next.stream().flatMap(h -> closings(h).stream()).toList();
        List<Hypothesis> rest = at.reserve().subList(count, at.reserve().size());
        return new Progress(with(at.found(), next), closings, rest, false);
    }

    private List<Hypothesis> with(List<Hypothesis> found, List<Hypothesis> told) {
        List<Hypothesis> more = new ArrayList<>(found);
        told.stream().filter(h -> reach.logMass(h) > Double.NEGATIVE_INFINITY).forEach(more::add);
        return List.copyOf(more);
    }

    private double logMassOf(List<Hypothesis> ways) {
        return LogSpace.logSumExp(ways.stream().mapToDouble(reach::logMass).toArray());
    }

    /** The ways above the threshold; where there is none, as with many small ones, the heaviest. */
    private List<Hypothesis> kept(List<Hypothesis> found) {
        double logTotal = logMassOf(found);
        List<Hypothesis> above = found.stream()
                .filter(h -> LogSpace.logDivide(reach.logMass(h), logTotal) > logThreshold)
                .toList();
        return above.isEmpty()
                ? found.stream().max(Comparator.comparingDouble(reach::logMass)).stream()
                        .toList()
                : above;
    }
}
