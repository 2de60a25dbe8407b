package io.bytelm.job.likelihood.scoring;

import io.bytelm.beam.EosMode;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.canonical.CanonicalTree;
import io.bytelm.canonical.Certified;
import io.bytelm.job.likelihood.scoring.Windows.Window;
import java.util.Arrays;

/**
 * One window of a document on its way through a canonical tree, with the log-probability of every byte: differences of what
 * is known of the sum, which add up to the lower end of what it lies between.
 *
 * @param document not to be changed
 * @param contextTokens how many tokens of a context the model reads at most
 * @param byteLogProbs {@code [document.length]}: receives the log-probability of each counted byte
 */
record CanonicalBytes(
        byte[] document, Window window, CanonicalParams params, long contextTokens, double[] byteLogProbs) {
    /** @param start of which the deferred part counts as read for certain; null before the first counted byte */
    private record At(CanonicalTree tree, int read, Certified before, double logKnown, int truncatedBytes) {}

    /** @param start a tree that has read nothing of the document */
    Step<WindowScoring.Result> run(Step<CanonicalTree> start) {
        return start.then(this::context).then(this::counted);
    }

    private Step<At> context(CanonicalTree start) {
        byte[] context = Arrays.copyOfRange(document, window.from(), window.scoredFrom());
        return start.read(context).map(tree -> {
            CanonicalTree begin = context.length > 0 ? tree.withMode(EosMode.WITH_EOS) : tree;
            Certified before = begin.logProb();
            return new At(begin, window.scoredFrom(), before, before.logLower(), 0);
        });
    }

    private Step<WindowScoring.Result> counted(At context) {
        return Step.loop(context, at -> at.read < window.to() && !at.tree.isDead(), this::readOne)
                .map(end -> {
                    Certified whole = end.tree.logProb();
                    return end.tree.isDead()
                            ? WindowScoring.Result.deadAt(end.read)
                            : new WindowScoring.Result(
                                    whole.logLower() - end.before.logUpper(),
                                    whole.logUpper() - end.before.logLower(),
                                    end.read,
                                    end.truncatedBytes);
                });
    }

    private Step<At> readOne(At at) {
        return at.tree.advance(new Lookahead(document, at.read, false)).map(next -> {
            double logKnown = next.logProb().logLower();
            byteLogProbs[at.read] = logKnown - at.logKnown;
            boolean truncated = next.contexts().stream().anyMatch(context -> context.length() > contextTokens);
            return new At(next, at.read + 1, at.before, logKnown, at.truncatedBytes + (truncated ? 1 : 0));
        });
    }
}
