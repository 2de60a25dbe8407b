package io.bytelm.canonical;

import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.dist.LogSpace;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import io.bytelm.lm.canonical.CutMoves;
import io.bytelm.lm.canonical.Head;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Sums what the heads of a tree expect, by symbol. */
record NextSymbols(CanonicalTree tree) {
    private static final int FROM_HERE = 0;

    Step<CanonicalPrediction> run() {
        return Step.loop(
                        tree,
                        at -> !new NextSymbols(at).due().isEmpty(),
                        at -> at.evaluating(new NextSymbols(at).due(), Lookahead.NONE, FROM_HERE))
                .map(known -> new NextSymbols(known).predicted());
    }

    /**
     * The openings whose rows are wanted: of heads with more than the share that may be deferred. What has been evaluated comes
     * first where its masses are not at hand, as of a tree that was stored: without it the share of others is not known.
     */
    private List<Opening> due() {
        double share = tree.params().defer();
        boolean waits = share > 0 && !tree.sum().behind().isEmpty();
        double least = waits ? Double.POSITIVE_INFINITY : Math.log(share) + logTotal();
        List<Opening> due = new ArrayList<>();
        for (Head head : tree.heads().heads()) {
            Opening opening = tree.openings().of(head);
            Opening first = tree.openings().firstDue(opening);
            boolean known = opening.masses() != null && opening.masses().haveRow(head.open());
            boolean counts = opening.masses() != null || first.logWeight() > least;
            if (!known && counts && !first.hasNoWeight() && !due.contains(first)) {
                due.add(first);
            }
        }
        return due;
    }

    private double logTotal() {
        return tree.length() == 0 ? 0 : tree.sum().certified().logUpper();
    }

    private CanonicalPrediction predicted() {
        double[] sums = new double[Symbols.COUNT];
        Arrays.fill(sums, Double.NEGATIVE_INFINITY);
        double deferred = Double.NEGATIVE_INFINITY;
        List<Head> known = new ArrayList<>();
        List<Opening> counted = new ArrayList<>();
        for (Head head : tree.heads().heads()) {
            Opening opening = tree.openings().of(head);
            Opening first = tree.openings().firstDue(opening);
            if (opening.masses() != null) {
                known.add(head);
            } else if (!counted.contains(first)) {
                counted.add(first);
                deferred = LogSpace.logAdd(deferred, first.logWeight());
            }
        }
        for (int b = 0; b < 256; b++) {
            sums[b] = sumOf(b, known);
        }
        sums[Symbols.EOS] = sumOfEnds(known);
        return new CanonicalPrediction(tree, NextByteDistribution.of(sums).normalize(), deferred);
    }

    private double sumOf(int b, List<Head> known) {
        CutMoves moves = new CutMoves(tree.heads(), tree.heads().cuts().read(b));
        double sum = Double.NEGATIVE_INFINITY;
        for (Head head : known) {
            boolean goesOn =
                    !tree.heads().rules().index().then(head.beginning(), b).isEmpty()
                            && moves.of(head).courses() != 0;
            sum = goesOn ? LogSpace.logAdd(sum, logMass(head, b)) : sum;
        }
        return sum;
    }

    private double logMass(Head head, int symbol) {
        Opening opening = tree.openings().of(head);
        Masses masses = opening.masses();
        return masses == null
                ? Double.NEGATIVE_INFINITY
                : opening.logWeight() + masses.expansion().rows()[head.open()][symbol];
    }

    private double sumOfEnds(List<Head> known) {
        return LogSpace.logSumExp(known.stream()
                .filter(tree.heads()::mayEnd)
                .mapToDouble(head -> logMass(head, Symbols.EOS))
                .toArray());
    }

    Step<Double> logProbOfEnd() {
        return Step.loop(
                        tree,
                        at -> !new NextSymbols(at).dueAtEnd().isEmpty(),
                        at -> at.evaluating(new NextSymbols(at).dueAtEnd(), Lookahead.NONE, FROM_HERE))
                .map(known -> {
                    NextSymbols all = new NextSymbols(known);
                    return all.sumOfEnds(known.heads().heads());
                });
    }

    /** The openings to evaluate until all heads are with which the text may end. */
    private List<Opening> dueAtEnd() {
        List<Opening> due = new ArrayList<>();
        for (Head head : tree.heads().heads()) {
            Opening opening = tree.openings().of(head);
            boolean wanted = tree.heads().mayEnd(head)
                    && (opening.masses() == null || !opening.masses().haveRow(0));
            Opening first = tree.openings().firstDue(opening);
            if (wanted && !due.contains(first)) {
                due.add(first);
            }
        }
        return due;
    }
}
