package io.bytelm.canonical;

import io.bytelm.beam.AllowedSymbols;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.dist.LogSpace;
import io.bytelm.dist.Symbols;
import io.bytelm.lm.canonical.CutMoves;
import io.bytelm.lm.canonical.Head;
import io.bytelm.vocab.BeginningIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Sums what the heads of a tree have for the symbols that are allowed next. A head that can go on with none of these is not
 * asked about for this, and what is deferred is a share of what is allowed, not of everything: what is improbable may be all
 * that is allowed.
 *
 * @param ways the heads that can go on with something allowed
 */
record AllowedNext(CanonicalTree tree, AllowedSymbols allowed, List<Way> ways) {
    private static final int FROM_HERE = 0;

    /** A head, and the allowed symbols with which it can go on. */
    record Way(Head head, BitSet symbols) {}

    static AllowedNext of(CanonicalTree tree, AllowedSymbols allowed) {
        List<Head> heads = tree.heads().heads();
        List<Way> ways = new ArrayList<>(heads.size());
        heads.forEach(head -> ways.add(new Way(head, new BitSet(Symbols.COUNT))));
        BeginningIndex index = tree.heads().rules().index();
        for (int b = 0; b < 256; b++) {
            if (allowed.contains(b)) {
                CutMoves moves = new CutMoves(tree.heads(), tree.heads().cuts().read(b));
                for (Way way : ways) {
                    boolean goesOn = !index.then(way.head.beginning(), b).isEmpty()
                            && moves.of(way.head).courses() != 0;
                    way.symbols.set(b, goesOn);
                }
            }
        }
        ways.forEach(way -> way.symbols.set(
                Symbols.EOS, allowed.contains(Symbols.EOS) && tree.heads().mayEnd(way.head)));
        ways.removeIf(way -> way.symbols.isEmpty());
        return new AllowedNext(tree, allowed, List.copyOf(ways));
    }

    Step<CanonicalContinuations> run() {
        return Step.loop(
                        this,
                        at -> !at.due().isEmpty(),
                        at -> at.tree
                                .evaluating(at.due(), Lookahead.NONE, FROM_HERE)
                                .map(at::on))
                .map(AllowedNext::found);
    }

    private AllowedNext on(CanonicalTree told) {
        boolean isSame = told.heads().heads().size() == tree.heads().heads().size();
        return isSame ? new AllowedNext(told, allowed, ways) : of(told, allowed);
    }

    /**
     * The openings to ask about. Those that have been evaluated come first, so that a tree that was stored, whose masses are
     * not at hand, goes on to evaluate what the same tree does that was not.
     */
    private List<Opening> due() {
        List<Opening> due = new ArrayList<>(tree.sum().behind());
        for (Way way : ways) {
            Opening opening = tree.openings().of(way.head);
            boolean lacksRow =
                    opening.masses() != null && !opening.masses().haveRow(way.head.open()) && !opening.hasNoWeight();
            if (lacksRow && !due.contains(opening)) {
                due.add(opening);
            }
        }
        List<Opening> deferred = deferred(way -> true);
        if (tree.params().defer() == 0) {
            due.addAll(deferred);
        }
        return due.isEmpty() && !deferred.isEmpty() ? tooHeavy(deferred) : due;
    }

    /** The deferred ones with more than the share; the heaviest if nothing allowed is known to have any probability. */
    private List<Opening> tooHeavy(List<Opening> deferred) {
        double logKnown = LogSpace.logSumExp(logMasses());
        double least = Math.log(tree.params().defer()) + LogSpace.logAdd(logKnown, logWeight(deferred));
        List<Opening> heavy =
                deferred.stream().filter(opening -> opening.logWeight() > least).toList();
        return heavy.isEmpty() && logKnown == Double.NEGATIVE_INFINITY
                ? deferred.stream().max(Comparator.comparingDouble(Opening::logWeight)).stream()
                        .toList()
                : heavy;
    }

    /** What has to be evaluated first of the ways that have not been, each once, without those that weigh nothing. */
    private List<Opening> deferred(Predicate<Way> which) {
        List<Opening> deferred = new ArrayList<>();
        for (Way way : ways) {
            Opening opening = tree.openings().of(way.head);
            if (opening.masses() == null && which.test(way)) {
                Opening first = tree.openings().firstDue(opening);
                if (!first.hasNoWeight() && !deferred.contains(first)) {
                    deferred.add(first);
                }
            }
        }
        return deferred;
    }

    private static double logWeight(List<Opening> openings) {
        return LogSpace.logSumExp(
                openings.stream().mapToDouble(Opening::logWeight).toArray());
    }

    private double[] logMasses() {
        double[] sums = new double[Symbols.COUNT];
        Arrays.fill(sums, Double.NEGATIVE_INFINITY);
        for (Way way : ways) {
            Opening opening = tree.openings().of(way.head);
            Masses masses = opening.masses();
            if (masses != null && !opening.hasNoWeight()) {
                double[] row = masses.expansion().rows()[way.head.open()];
                way.symbols.stream()
                        .forEach(symbol ->
                                sums[symbol] = LogSpace.logAdd(sums[symbol], opening.logWeight() + row[symbol]));
            }
        }
        return sums;
    }

    private CanonicalContinuations found() {
        double[] logMasses = logMasses();
        double ofEnd = logWeight(deferred(way -> way.symbols.get(Symbols.EOS)));
        Certified end = new Certified(logMasses[Symbols.EOS], LogSpace.logAdd(logMasses[Symbols.EOS], ofEnd));
        return new CanonicalContinuations(tree, logMasses, logWeight(deferred(way -> true)), end);
    }
}
