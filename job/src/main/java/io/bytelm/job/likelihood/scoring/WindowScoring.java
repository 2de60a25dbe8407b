package io.bytelm.job.likelihood.scoring;

import io.bytelm.beam.Beam;
import io.bytelm.beam.EosMode;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.job.likelihood.scoring.Windows.Window;

/**
 * One window of a document on its way through a beam. The value is the difference of the beam's log Z at the window's end
 * and before its first counted byte: what {@code next} tells of both prefixes.
 */
public final class WindowScoring {
    /**
     * What came out.
     *
     * @param logLikelihood of the counted bytes (nats), at least; {@code -Infinity} if nothing goes on with the last byte
     *     that was read
     * @param logLikelihoodUpper at most
     * @param read how many bytes of the document were read when it ended
     * @param truncatedBytes for how many of the counted bytes the model has read a shortened context
     */
    public record Result(double logLikelihood, double logLikelihoodUpper, int read, int truncatedBytes) {
        static Result deadAt(int read) {
            return new Result(Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY, read, 0);
        }
    }

    private final byte[] document;
    private final Window window;
    private final boolean eosTokens;
    private final long contextTokens;
    private final double[] byteLogProbs;
    private final WordEnds wordEnds;

    /**
     * @param document not to be changed
     * @param eosTokens whether the beam has EOS tokens, which are ordinary text in the context
     * @param contextTokens how many tokens of a context the model reads at most
     * @param byteLogProbs {@code [document.length]}: receives the log-probability of each counted byte; or empty
     */
    public WindowScoring(byte[] document, Window window, boolean eosTokens, long contextTokens, double[] byteLogProbs) {
        this(document, window, eosTokens, contextTokens, byteLogProbs, WordEnds.NONE);
    }

    /** @param wordEnds is told how probable it is that words end */
    WindowScoring(
            byte[] document,
            Window window,
            boolean eosTokens,
            long contextTokens,
            double[] byteLogProbs,
            WordEnds wordEnds) {
        this.document = document;
        this.window = window;
        this.eosTokens = eosTokens;
        this.contextTokens = contextTokens;
        this.byteLogProbs = byteLogProbs;
        this.wordEnds = wordEnds;
    }

    private record At(Beam beam, int read, double logZ, int truncatedBytes) {}

    /** @param start a beam that has read nothing of the document */
    public Step<Result> run(Beam start) {
        return context(start).then(this::counted);
    }

    private Step<At> context(Beam start) {
        boolean changesMode = eosTokens && window.scoredFrom() > window.from();
        Beam begin = changesMode ? start.withMode(EosMode.WITHOUT_EOS) : start;
        return Step.loop(
                        new At(begin, window.from(), 0, 0),
                        at -> at.read < window.scoredFrom() && !at.beam.isDead(),
                        at -> at.beam.prune().advance(document, at.read).map(next -> new At(next, at.read + 1, 0, 0)))
                .map(at -> {
                    Beam beam = changesMode ? at.beam.withMode(EosMode.WITH_EOS) : at.beam;
                    return new At(beam, at.read, beam.logZ(), 0);
                });
    }

    private Step<Result> counted(At context) {
        return Step.loop(context, at -> at.read < window.to() && !at.beam.isDead(), this::readOne)
                .then(this::toldAtEnd)
                .map(end -> {
                    double logLikelihood = end.beam.logZ() - context.logZ;
                    return end.beam.isDead()
                            ? Result.deadAt(end.read)
                            : new Result(logLikelihood, logLikelihood, end.read, end.truncatedBytes);
                });
    }

    private Step<At> readOne(At at) {
        return told(at).then(this::advanced);
    }

    private Step<At> toldAtEnd(At end) {
        boolean isEnd = window.to() == document.length && !end.beam.isDead();
        return isEnd ? told(end) : Step.done(end);
    }

    /** How probable it is that a word ends here, if one does. */
    private Step<At> told(At at) {
        if (!wordEnds.isAt(at.read)) {
            return Step.done(at);
        }
        return at.beam.predict(Lookahead.of(document, at.read)).map(next -> {
            wordEnds.tell(at.read, next.next());
            return new At(next.beam(), at.read, at.logZ, at.truncatedBytes);
        });
    }

    private Step<At> advanced(At at) {
        return at.beam.prune().advance(document, at.read).map(next -> {
            int truncatedBytes = at.truncatedBytes + (next.longestContext() > contextTokens ? 1 : 0);
            if (byteLogProbs.length == 0) {
                return new At(next, at.read + 1, 0, truncatedBytes);
            }
            double logZ = next.logZ();
            byteLogProbs[at.read] = logZ - at.logZ;
            return new At(next, at.read + 1, logZ, truncatedBytes);
        });
    }
}
