package io.bytelm.beam;

import io.bytelm.beam.PathMasses.Edge;
import java.util.ArrayList;
import java.util.List;

/** A beam takes one symbol: every hypothesis goes on with it, or closes its token and begins the next one with it. */
final class Advance {
    private final Beam beam;
    private final int symbol;
    private final Lookahead known;
    private final Inquiry inquiry;

    /**
     * @param symbol a byte, 0 to 255, or {@link io.bytelm.dist.Symbols#EOS}
     * @param known the bytes known to come, {@code symbol} included if it is a byte
     */
    Advance(Beam beam, int symbol, Lookahead known) {
        this.beam = beam;
        this.symbol = symbol;
        this.known = known;
        this.inquiry = new Inquiry(beam.params(), known);
    }

    Step<Beam> run() {
        return askWhereUnknown(beam.hypotheses()).then(this::takeSymbol);
    }

    private Step<Beam> takeSymbol(List<Hypothesis> hypotheses) {
        List<Hypothesis> taken = new ArrayList<>(read(hypotheses));
        return askWhereUnknown(Extension.hypothesesOf(extensions(hypotheses, taken)))
                .then(extended -> {
                    taken.addAll(read(extended));
                    return taken.isEmpty() && beam.params().heal()
                            ? new Healing(beam, symbol, known).run(hypotheses)
                            : Step.done(beam.withHypotheses(taken));
                });
    }

    /** The extensions that {@link #run} will ask for, as far as that is known without asking. */
    List<Extension> foreseenExtensions() {
        List<Hypothesis> hypotheses = beam.hypotheses();
        boolean unknown = hypotheses.stream().anyMatch(h -> h.edge(symbol) == Edge.UNKNOWN);
        return unknown ? List.of() : extensions(hypotheses, read(hypotheses));
    }

    private List<Extension> extensions(List<Hypothesis> hypotheses, List<Hypothesis> taken) {
        return Extension.aboveThreshold(hypotheses, Beam.logSum(taken), beam.params(), beam.mode());
    }

    private Step<List<Hypothesis>> askWhereUnknown(List<Hypothesis> hypotheses) {
        List<Step<Hypothesis>> steps = new ArrayList<>(hypotheses.size());
        for (Hypothesis hypothesis : hypotheses) {
            steps.add(hypothesis.edge(symbol) == Edge.UNKNOWN ? inquiry.toAdvance(hypothesis) : Step.done(hypothesis));
        }
        return Step.together(steps);
    }

    private List<Hypothesis> read(List<Hypothesis> hypotheses) {
        return hypotheses.stream()
                .filter(h -> h.edge(symbol) == Edge.PRESENT)
                .map(h -> h.read(symbol))
                .toList();
    }
}
