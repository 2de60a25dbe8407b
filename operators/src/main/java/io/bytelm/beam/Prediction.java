package io.bytelm.beam;

import io.bytelm.dist.NextByteDistribution;
import java.util.ArrayList;
import java.util.List;

/**
 * What a beam expects next.
 *
 * @param beam the same beam; it has kept the answers that the prediction needed, so that going on from it asks for
 *     nothing twice
 * @param next the distribution over the next symbol, normalized; all {@code -Infinity} if nothing can follow
 * @param longestContext the longest context, in tokens, that the beam or the distribution was computed from
 */
public record Prediction(Beam beam, NextByteDistribution next, int longestContext) {
    /** Mixes what all hypotheses expect, and what those expect that would begin a new token now. */
    static Step<Prediction> of(Beam beam, Lookahead known) {
        return new Asking(beam, known).askHypotheses().then(Asking::askRows).map(Prediction::mix);
    }

    private static Prediction mix(Asking asking) {
        SymbolMixture mixture = new SymbolMixture();
        asking.beam.hypotheses().forEach(mixture::addOpen);
        asking.mixed.forEach(extension -> mixture.addExtended(extension.hypothesis()));
        Beam informed = asking.beam.remembering(asking.mixed).remembering(asking.foreseen);
        int longest = Beam.longest(informed.longestContext(), Extension.hypothesesOf(asking.mixed));
        return new Prediction(informed, mixture.normalized(), longest);
    }

    /**
     * The questions of a prediction, and their answers.
     *
     * @param mixed extensions that belong to the distribution
     * @param foreseen further extensions, which the beam needs for the next known byte; asked for in the same batch
     */
    private record Asking(Beam beam, Lookahead known, List<Extension> mixed, List<Extension> foreseen) {
        Asking(Beam beam, Lookahead known) {
            this(beam, known, List.of(), List.of());
        }

        /** Where masses are missing altogether, nothing is known about extensions yet. */
        Step<Asking> askHypotheses() {
            List<Step<Hypothesis>> steps = new ArrayList<>();
            for (Hypothesis h : beam.hypotheses()) {
                boolean lacking = !h.terminated() && h.masses() == null;
                steps.add(lacking ? inquiry().toPredict(h) : Step.done(h));
            }
            return Step.together(steps).map(hypotheses -> new Asking(beam.withSorted(hypotheses), known));
        }

        Step<Asking> askRows() {
            List<Extension> mixing =
                    Extension.aboveThreshold(beam.hypotheses(), beam.logZ(), beam.params(), beam.mode());
            List<Extension> soon = foreseenBesides(mixing);
            List<Step<Hypothesis>> steps = new ArrayList<>();
            beam.hypotheses().forEach(h -> steps.add(withRow(h)));
            mixing.forEach(e -> steps.add(withRow(e.hypothesis())));
            soon.forEach(e -> steps.add(
                    e.hypothesis().masses() == null ? inquiry().toAdvance(e.hypothesis()) : Step.done(e.hypothesis())));
            int open = beam.hypotheses().size();
            return Step.together(steps)
                    .map(answers -> new Asking(
                            beam.withSorted(answers.subList(0, open)),
                            known,
                            Extension.replace(mixing, answers.subList(open, open + mixing.size())),
                            Extension.replace(soon, answers.subList(open + mixing.size(), answers.size()))));
        }

        private Step<Hypothesis> withRow(Hypothesis h) {
            boolean massless = h.terminated() || h.logWeight() == Double.NEGATIVE_INFINITY;
            return massless || h.hasRow() ? Step.done(h) : inquiry().toPredict(h);
        }

        private List<Extension> foreseenBesides(List<Extension> mixing) {
            if (known.isEmpty()) {
                return List.of();
            }
            Beam pruned = beam.prune();
            return new Advance(pruned, known.first(), known)
                    .foreseenExtensions().stream()
                            .map(e -> new Extension(
                                    beam.indexOf(pruned.hypotheses().get(e.parent())), e.hypothesis()))
                            .filter(e -> mixing.stream().noneMatch(e::isSameAs))
                            .toList();
        }

        private Inquiry inquiry() {
            return new Inquiry(beam.params(), known);
        }
    }
}
