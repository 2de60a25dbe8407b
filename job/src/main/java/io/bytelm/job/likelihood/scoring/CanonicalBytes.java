package io.bytelm.job.likelihood.scoring;

import io.bytelm.beam.EosMode;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.canonical.CanonicalTree;
import io.bytelm.canonical.Certified;
import io.bytelm.canonical.LongKnownText;
import io.bytelm.canonical.LongKnownText.Progress;
import io.bytelm.canonical.TreeRestart;
import io.bytelm.job.likelihood.scoring.Windows.Window;

/**
 * One window of a document on its way through a canonical tree, with the log-probability of every byte: differences of what
 * is known of the sum, which add up to the lower end of what it lies between. Nothing is deferred in the context, so that it
 * is certain what the counted bytes are a share of.
 *
 * @param document not to be changed
 * @param contextTokens how many tokens of a context the model reads at most
 * @param stretchBytes as in {@link LongKnownText}, of the context
 * @param byteLogProbs {@code [document.length]}: receives the log-probability of each counted byte, NaN of one left out
 * @param restarts whether the document is read on after dead ends
 */
record CanonicalBytes(
        byte[] document,
        Window window,
        CanonicalParams params,
        long contextTokens,
        int stretchBytes,
        double[] byteLogProbs,
        boolean restarts) {
    /**
     * @param before the log probability (nats) of the context
     * @param logKnown that of all bytes read, at least
     * @param isWhole whether the model has read whole contexts so far
     */
    private record At(
            CanonicalTree tree,
            int read,
            double before,
            double logKnown,
            boolean isWhole,
            int truncatedBytes,
            Skipped skipped) {
        /** @param next after one more byte, or without it */
        At after(CanonicalTree next, double newLogKnown, boolean whole, Skipped newSkipped) {
            boolean isRead = newSkipped.bytes() == skipped.bytes();
            int truncated = truncatedBytes + (whole || !isRead ? 0 : 1);
            return new At(next, read + 1, before, newLogKnown, whole, truncated, newSkipped);
        }
    }

    /** @param start a tree that has read nothing of the document */
    Step<WindowScoring.Result> run(Step<CanonicalTree> start) {
        return start.then(this::context).then(this::counted);
    }

    private Step<At> context(CanonicalTree start) {
        CanonicalTree exact = start.withParams(CanonicalParams.exact(params.eosTokens()));
        return restarts ? contextReadOn(exact) : contextAtOnce(exact);
    }

    private Step<At> contextAtOnce(CanonicalTree exact) {
        return new LongKnownText(document, contextTokens, stretchBytes)
                .read(new Progress(exact, window.from(), window.from()), window.scoredFrom())
                .map(read -> atScored(
                        read.tree(), read.read(), read.truncatedAfter(window.from()) == 0, Skipped.NOTHING));
    }

    private Step<At> contextReadOn(CanonicalTree exact) {
        return Step.loop(
                        new At(exact, window.from(), 0, 0, true, 0, Skipped.NOTHING),
                        at -> at.read < window.scoredFrom(),
                        this::next)
                .map(at -> atScored(at.tree, at.read, at.isWhole, at.skipped.counting()));
    }

    private At atScored(CanonicalTree read, int at, boolean isWhole, Skipped skipped) {
        CanonicalTree tree = window.scoredFrom() > window.from() ? read.withMode(EosMode.WITH_EOS) : read;
        double before = tree.logProb().logLower();
        return new At(tree.withParams(params), at, before, before, isWhole, 0, skipped);
    }

    private Step<WindowScoring.Result> counted(At context) {
        return Step.loop(context, at -> at.read < window.to() && !at.tree.isDead(), this::readOne)
                .map(end -> {
                    Certified whole = end.tree.logProb();
                    return end.tree.isDead()
                            ? WindowScoring.Result.deadAt(end.read)
                            : new WindowScoring.Result(
                                    whole.logLower() - end.before,
                                    whole.logUpper() - end.before,
                                    end.read,
                                    end.truncatedBytes,
                                    end.skipped.bytes(),
                                    end.skipped.deadEnds());
                });
    }

    private Step<At> readOne(At at) {
        return next(at).map(next -> {
            boolean isLeftOut = next.skipped.bytes() > at.skipped.bytes();
            byteLogProbs[at.read] = isLeftOut ? Double.NaN : next.logKnown - at.logKnown;
            return next;
        });
    }

    private Step<At> next(At at) {
        if (restarts && !at.tree.heads().rules().coverage().has(byteAt(at))) {
            return readOn(at);
        }
        return at.tree.advance(new Lookahead(document, at.read, false)).then(next -> {
            double logKnown = next.logProb().logLower();
            boolean isDead = logKnown == Double.NEGATIVE_INFINITY;
            return restarts && isDead
                    ? readOn(at)
                    : Step.done(at.after(next, logKnown, isWhole(at, next), at.skipped.afterReading()));
        });
    }

    private Step<At> readOn(At at) {
        return new TreeRestart(at.tree)
                .read(byteAt(at))
                .map(on -> at.after(
                        on.reader(),
                        on.reader().logProb().logLower(),
                        isWhole(at, on.reader()),
                        at.skipped.after(on.kind())));
    }

    private boolean isWhole(At at, CanonicalTree next) {
        return at.isWhole && next.longestContext() <= contextTokens;
    }

    private int byteAt(At at) {
        return Byte.toUnsignedInt(document[at.read]);
    }
}
