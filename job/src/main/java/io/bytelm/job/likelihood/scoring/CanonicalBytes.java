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
 * @param byteLogProbs {@code [document.length]}: receives the log-probability of each counted byte
 * @param wordEnds is told how probable it is that words end
 */
record CanonicalBytes(
        byte[] document,
        Window window,
        CanonicalParams params,
        long contextTokens,
        int stretchBytes,
        int requestsAtOnce,
        double[] byteLogProbs,
        WordEnds wordEnds) {
    /**
     * @param before the log probability (nats) of the context
     * @param logKnown that of all bytes read, at least
     * @param isWhole whether the model has read whole contexts so far
     */
    private record At(
            CanonicalTree tree, int read, double before, double logKnown, boolean isWhole, int truncatedBytes) {}

    /** @param start a tree that has read nothing of the document */
    Step<WindowScoring.Result> run(Step<CanonicalTree> start) {
        return start.then(this::context).then(this::counted);
    }

    private Step<At> context(CanonicalTree start) {
        CanonicalTree exact = start.withParams(CanonicalParams.exact(params.eosTokens()));
        return new LongKnownText(document, contextTokens, stretchBytes)
                .read(new Progress(exact, window.from(), window.from()), window.scoredFrom())
                .map(read -> {
                    boolean changesMode = window.scoredFrom() > window.from();
                    CanonicalTree tree = changesMode ? read.tree().withMode(EosMode.WITH_EOS) : read.tree();
                    double before = tree.logProb().logLower();
                    boolean isWhole = read.truncatedAfter(window.from()) == 0;
                    return new At(tree.withParams(params), read.read(), before, before, isWhole, 0);
                });
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
                                    end.truncatedBytes);
                });
    }

    /** Where distributions are wanted at some bytes only, the tree asks when it gets there. */
    private Step<At> readStretch(At from) {
        int to = Math.min(window.to(), from.read + stretchBytes);
        Step<ToldAhead> ahead = wordEnds == WordEnds.NONE
                ? from.tree.toldAhead(new KnownStretch(document, from.read, to, false), requestsAtOnce)
                : Step.done(ToldAhead.NOTHING);
        return ahead.then(told -> Step.loop(from, at -> at.read < to && !at.tree.isDead(), at -> readOne(at, told)));
    }

    private Step<At> readOne(At at, ToldAhead ahead) {
        return told(at).then(ready -> advanced(ready, ahead));
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
            return new At(next.tree(), at.read, at.before, at.logKnown, at.isWhole, at.truncatedBytes);
        });
    }

    private Step<At> advanced(At at, ToldAhead ahead) {
        return ahead.advance(at.tree, Lookahead.of(document, at.read)).map(next -> {
            double logKnown = next.logProb().logLower();
            byteLogProbs[at.read] = logKnown - at.logKnown;
            boolean whole = at.isWhole && next.longestContext() <= contextTokens;
            return new At(next, at.read + 1, at.before, logKnown, whole, at.truncatedBytes + (whole ? 0 : 1));
        });
    }
}
