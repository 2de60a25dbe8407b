package io.bytelm.job.likelihood.scoring;

import io.bytelm.beam.EosMode;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.canonical.CanonicalTree;
import io.bytelm.canonical.Certified;
import io.bytelm.canonical.KnownStretch;
import io.bytelm.canonical.LongKnownText;
import io.bytelm.canonical.LongKnownText.Progress;
import io.bytelm.canonical.ToldAhead;
import io.bytelm.canonical.TreeRestart;
import io.bytelm.job.likelihood.scoring.Windows.Window;

/**
 * One window of a document on its way through a canonical tree, with the log-probability of every byte: differences of what
 * is known of the sum, which add up to the lower end of what it lies between. The contexts of a stretch are asked for
 * together; then the tree reads byte after byte. Nothing is deferred in the context, so that it
 * is certain what the counted bytes are a share of.
 *
 * @param document not to be changed
 * @param contextTokens how many tokens of a context the model reads at most
 * @param stretchBytes as in {@link LongKnownText}
 * @param requestsAtOnce how many contexts are asked for at once at most
 * @param byteLogProbs {@code [document.length]}: receives the log-probability of each counted byte, NaN of one left out
 * @param wordEnds is told how probable it is that words end, but for those that a byte ends which no token has
 * @param restarts whether the document is read on after dead ends
 */
record CanonicalBytes(
        byte[] document,
        Window window,
        CanonicalParams params,
        long contextTokens,
        int stretchBytes,
        int requestsAtOnce,
        double[] byteLogProbs,
        WordEnds wordEnds,
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
                .map(read ->
                        atScored(read.tree(), read.read(), read.truncatedAfter(window.from()) == 0, Skipped.NOTHING));
    }

    private Step<At> contextReadOn(CanonicalTree exact) {
        return Step.loop(
                        new At(exact, window.from(), 0, 0, true, 0, Skipped.NOTHING),
                        at -> at.read < window.scoredFrom(),
                        at -> isHopeless(at, at.read) ? readOn(at) : next(at, ToldAhead.NOTHING))
                .map(at -> atScored(at.tree, at.read, at.isWhole, at.skipped.counting()));
    }

    private At atScored(CanonicalTree read, int at, boolean isWhole, Skipped skipped) {
        CanonicalTree tree = window.scoredFrom() > window.from() ? read.withMode(EosMode.WITH_EOS) : read;
        double before = tree.logProb().logLower();
        return new At(tree.withParams(params), at, before, before, isWhole, 0, skipped);
    }

    private Step<WindowScoring.Result> counted(At context) {
        return Step.loop(context, at -> at.read < window.to() && !at.tree.isDead(), this::readStretch)
                .then(this::toldAtEnd)
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

    /**
     * Up to a dead end, after which other things have to be asked. Where distributions are wanted at some bytes only, the tree
     * asks when it gets there.
     */
    private Step<At> readStretch(At from) {
        int to = readableTo(from, Math.min(window.to(), from.read + stretchBytes));
        if (to == from.read) {
            return readOn(from).map(on -> scored(from, on));
        }
        Step<ToldAhead> ahead = wordEnds == WordEnds.NONE
                ? from.tree.toldAhead(new KnownStretch(document, from.read, to, false), requestsAtOnce)
                : Step.done(ToldAhead.NOTHING);
        return ahead.then(told -> Step.loop(
                from,
                at -> at.read < to && !at.tree.isDead() && (at.read == from.read || at.skipped.last() == null),
                at -> readOne(at, told)));
    }

    /** Up to the next byte that no token has. */
    private int readableTo(At from, int to) {
        int at = from.read;
        while (at < to && !isHopeless(from, at)) {
            at++;
        }
        return at;
    }

    private boolean isHopeless(At at, int place) {
        return restarts && !at.tree.heads().rules().coverage().has(Byte.toUnsignedInt(document[place]));
    }

    private Step<At> readOne(At at, ToldAhead ahead) {
        return told(at).then(ready -> next(ready, ahead).map(next -> scored(ready, next)));
    }

    private Step<At> toldAtEnd(At end) {
        boolean isEnd = window.to() == document.length && !end.tree.isDead();
        return isEnd ? told(end) : Step.done(end);
    }

    /** How probable it is that a word ends here, if one does. */
    private Step<At> told(At at) {
        if (!wordEnds.isAt(at.read)) {
            return Step.done(at);
        }
        return at.tree.predict().map(next -> {
            wordEnds.tell(at.read, next.next());
            return new At(next.tree(), at.read, at.before, at.logKnown, at.isWhole, at.truncatedBytes, at.skipped);
        });
    }

    private At scored(At before, At after) {
        boolean isLeftOut = after.skipped.bytes() > before.skipped.bytes();
        byteLogProbs[before.read] = isLeftOut ? Double.NaN : after.logKnown - before.logKnown;
        return after;
    }

    private Step<At> next(At at, ToldAhead ahead) {
        return ahead.advance(at.tree, Lookahead.of(document, at.read)).then(next -> {
            double logKnown = next.logProb().logLower();
            return restarts && logKnown == Double.NEGATIVE_INFINITY
                    ? readOn(at)
                    : Step.done(at.after(next, logKnown, isWhole(at, next), at.skipped.afterReading()));
        });
    }

    private Step<At> readOn(At at) {
        return new TreeRestart(at.tree)
                .read(Byte.toUnsignedInt(document[at.read]))
                .map(on -> at.after(
                        on.reader(),
                        on.reader().logProb().logLower(),
                        isWhole(at, on.reader()),
                        at.skipped.after(on.kind())));
    }

    private boolean isWhole(At at, CanonicalTree next) {
        return at.isWhole && next.longestContext() <= contextTokens;
    }
}
