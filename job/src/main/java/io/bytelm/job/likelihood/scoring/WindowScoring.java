package io.bytelm.job.likelihood.scoring;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamRestart;
import io.bytelm.beam.EosMode;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.ReadOn;
import io.bytelm.beam.Step;
import io.bytelm.job.likelihood.scoring.Windows.Window;
import io.bytelm.vocab.ByteCoverage;
import org.jspecify.annotations.Nullable;

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
     * @param skippedBytes how many of the counted bytes were left out
     * @param deadEnds how often no way to read the counted bytes went on
     */
    public record Result(
            double logLikelihood,
            double logLikelihoodUpper,
            int read,
            int truncatedBytes,
            int skippedBytes,
            int deadEnds) {
        /** Of a window of which nothing was left out. */
        Result(double logLikelihood, double logLikelihoodUpper, int read, int truncatedBytes) {
            this(logLikelihood, logLikelihoodUpper, read, truncatedBytes, 0, 0);
        }

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
    private final @Nullable ByteCoverage restart;

    /**
     * @param document not to be changed
     * @param eosTokens whether the beam has EOS tokens, which are ordinary text in the context
     * @param contextTokens how many tokens of a context the model reads at most
     * @param byteLogProbs {@code [document.length]}: receives the log-probability of each counted byte, NaN of one that was
     *     left out; or empty
     * @param restart which bytes the tokens have, to read on after dead ends; null to end there
     */
    public WindowScoring(
            byte[] document,
            Window window,
            boolean eosTokens,
            long contextTokens,
            double[] byteLogProbs,
            @Nullable ByteCoverage restart) {
        this(document, window, eosTokens, contextTokens, byteLogProbs, WordEnds.NONE, restart);
    }

    /** @param wordEnds is told how probable it is that words end, but for those that a byte ends which no token has */
    WindowScoring(
            byte[] document,
            Window window,
            boolean eosTokens,
            long contextTokens,
            double[] byteLogProbs,
            WordEnds wordEnds,
            @Nullable ByteCoverage restart) {
        this.document = document;
        this.window = window;
        this.eosTokens = eosTokens;
        this.contextTokens = contextTokens;
        this.byteLogProbs = byteLogProbs;
        this.wordEnds = wordEnds;
        this.restart = restart;
    }

    private record At(Beam beam, int read, double logZ, int truncatedBytes, Skipped skipped) {}

    /** @param start a beam that has read nothing of the document */
    public Step<Result> run(Beam start) {
        return context(start).then(this::counted);
    }

    private Step<At> context(Beam start) {
        boolean changesMode = eosTokens && window.scoredFrom() > window.from();
        Beam begin = changesMode ? start.withMode(EosMode.WITHOUT_EOS) : start;
        return Step.loop(
                        new At(begin, window.from(), 0, 0, Skipped.NOTHING),
                        at -> at.read < window.scoredFrom() && !at.beam.isDead(),
                        at -> next(at).map(on -> new At(on.beam, at.read + 1, 0, 0, on.skipped)))
                .map(at -> {
                    Beam beam = changesMode ? at.beam.withMode(EosMode.WITH_EOS) : at.beam;
                    return new At(beam, at.read, beam.logZ(), 0, at.skipped.counting());
                });
    }

    private Step<Result> counted(At context) {
        return Step.loop(context, at -> at.read < window.to() && !at.beam.isDead(), this::readOne)
                .then(this::toldAtEnd)
                .map(end -> {
                    double logLikelihood = end.beam.logZ() - context.logZ;
                    return end.beam.isDead()
                            ? Result.deadAt(end.read)
                            : new Result(
                                    logLikelihood,
                                    logLikelihood,
                                    end.read,
                                    end.truncatedBytes,
                                    end.skipped.bytes(),
                                    end.skipped.deadEnds());
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
        if (!wordEnds.isAt(at.read) || isHopeless(at.read)) {
            return Step.done(at);
        }
        return at.beam.predict(Lookahead.of(document, at.read)).map(next -> {
            wordEnds.tell(at.read, next.next());
            return new At(next.beam(), at.read, at.logZ, at.truncatedBytes, at.skipped);
        });
    }

    private boolean isHopeless(int place) {
        return restart != null && place < document.length && !restart.has(Byte.toUnsignedInt(document[place]));
    }

    private Step<At> advanced(At at) {
        return next(at).map(next -> {
            Beam beam = next.beam;
            boolean isLeftOut = next.skipped.bytes() > at.skipped.bytes();
            int truncatedBytes = at.truncatedBytes + (beam.longestContext() > contextTokens && !isLeftOut ? 1 : 0);
            if (byteLogProbs.length == 0) {
                return new At(beam, at.read + 1, 0, truncatedBytes, next.skipped);
            }
            double logZ = beam.logZ();
            byteLogProbs[at.read] = isLeftOut ? Double.NaN : logZ - at.logZ;
            return new At(beam, at.read + 1, logZ, truncatedBytes, next.skipped);
        });
    }

    private record Next(Beam beam, Skipped skipped) {}

    private Step<Next> next(At at) {
        int b = Byte.toUnsignedInt(document[at.read]);
        ByteCoverage tokens = restart;
        if (tokens == null) {
            return at.beam.prune().advance(document, at.read).map(beam -> new Next(beam, at.skipped));
        }
        if (!tokens.has(b)) {
            return readOn(at, b, tokens);
        }
        return at.beam
                .prune()
                .advance(document, at.read)
                .then(beam -> beam.logZ() == Double.NEGATIVE_INFINITY
                        ? readOn(at, b, tokens)
                        : Step.done(new Next(beam, at.skipped.afterReading())));
    }

    private static Step<Next> readOn(At at, int b, ByteCoverage tokens) {
        Step<ReadOn<Beam>> on = new BeamRestart(at.beam, tokens).read(b, at.skipped.isStuck());
        return on.map(next -> new Next(next.reader(), at.skipped.after(next.kind())));
    }
}
