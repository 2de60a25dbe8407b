package io.bytelm.combine;

import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.dist.NextByteDistribution;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A text as several models read it, each in its own tokens. What they are asked at the same time is asked together; the
 * requests say which model they are for. Immutable.
 *
 * <p>The log-probability of a text is the sum of the combined log-probabilities of its bytes. In a mixture a byte's is made
 * of what each model gives this byte, the log-probability of the text with it less that without it, so that it costs what
 * the models cost; the other combinations need the whole distribution of each model at each byte.
 *
 * @param texts one a model, in the models' order
 * @param combination of as many models
 * @param logProb of the bytes so far after those that were given (nats); {@code -Infinity} if the models together give
 *     them none
 */
public record CombinedText(List<ModelText> texts, Combination combination, double logProb) {
    /**
     * What comes next.
     *
     * @param text the same one; it has kept the answers, so that going on from it asks for nothing twice
     * @param next the combined distribution over the next symbol, normalized; a dead end if nothing can follow
     * @param each what each model expects, in the models' order
     * @param longestContexts the longest context of each model, in tokens, that this was computed from
     */
    public record Expected(
            CombinedText text,
            NextByteDistribution next,
            List<NextByteDistribution> each,
            List<Integer> longestContexts) {}

    /** @throws IllegalArgumentException if there are not as many texts as the combination combines */
    public CombinedText {
        texts = List.copyOf(texts);
        if (!combination.isOf(texts.size())) {
            throw new IllegalArgumentException(
                    texts.size() + " models cannot be combined as " + combination.described());
        }
    }

    /** Each text as its model begins it; the steps ask the first model, and are told which one theirs is. */
    public static Step<CombinedText> together(List<Step<ModelText>> beginnings, Combination combination) {
        List<Step<ModelText>> steps = new ArrayList<>();
        for (int i = 0; i < beginnings.size(); i++) {
            steps.add(beginnings.get(i).of(i));
        }
        return Step.together(steps).map(texts -> begin(texts, combination));
    }

    /** Before the first byte that counts; what the texts have read is given. */
    public static CombinedText begin(List<? extends ModelText> texts, Combination combination) {
        return new CombinedText(List.copyOf(texts), combination, 0);
    }

    /** Reads the first of the known bytes; those after it only save requests. */
    public Step<CombinedText> advance(Lookahead known) {
        if (isDead()) {
            return Step.done(this);
        }
        return combination.needsDistributions() ? advanceByDistribution(known) : advanceMixture(known);
    }

    /** Reads the bytes from {@code from} up to {@code to} one by one; those after them are known to come. */
    public Step<CombinedText> read(byte[] bytes, int from, int to) {
        return Step.loop(
                        new Reading(this, from),
                        reading -> reading.at < to && !reading.text.isDead(),
                        reading -> reading.text
                                .advance(Lookahead.of(bytes, reading.at))
                                .map(text -> new Reading(text, reading.at + 1)))
                .map(Reading::text);
    }

    private record Reading(CombinedText text, int at) {}

    private Step<CombinedText> advanceMixture(Lookahead known) {
        return each(text -> text.advance(known)).map(after -> {
            double[] logProbs = new double[texts.size()];
            boolean[] reads = new boolean[texts.size()];
            for (int i = 0; i < logProbs.length; i++) {
                reads[i] = texts.get(i).isAlive();
                logProbs[i] = after.get(i).isAlive()
                        ? after.get(i).logProb() - texts.get(i).logProb()
                        : Double.NEGATIVE_INFINITY;
            }
            return new CombinedText(after, combination, logProb + combination.mixed(logProbs, reads));
        });
    }

    private Step<CombinedText> advanceByDistribution(Lookahead known) {
        Lookahead withRows = known.withRows();
        int symbol = known.bytes()[known.at()] & 0xFF;
        return predict(withRows).then(expected -> {
            double logProbOfByte = expected.next().logProb(symbol);
            CombinedText informed = expected.text();
            if (logProbOfByte == Double.NEGATIVE_INFINITY) {
                return Step.done(informed.with(informed.texts, Double.NEGATIVE_INFINITY));
            }
            return informed.each(text -> text.advance(withRows))
                    .map(after -> informed.with(after, logProb + logProbOfByte));
        });
    }

    /**
     * Reads bytes that are given: they count for none of the log-probabilities. If no model is left that must be there, the
     * text is dead.
     */
    public Step<CombinedText> readGiven(byte[] bytes, int from, int to) {
        return each(text -> text.isAlive() ? text.read(bytes, from, to) : Step.done(text))
                .map(after -> with(after, logProb).unlessImpossible());
    }

    /** Each model reads bytes of its own that are given, and that have probability 1 by then: what a tokenizer puts before a text. */
    public Step<CombinedText> afterOwn(List<byte[]> prefixes) {
        List<Step<ModelText>> steps = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            byte[] prefix = prefixes.get(i);
            Step<ModelText> read = prefix.length == 0
                    ? Step.done(texts.get(i))
                    : texts.get(i).read(prefix, 0, prefix.length).map(ModelText::normalized);
            steps.add(read.of(i));
        }
        return Step.together(steps).map(after -> with(after, logProb).unlessImpossible());
    }

    private CombinedText unlessImpossible() {
        boolean[] alive = new boolean[texts.size()];
        for (int i = 0; i < alive.length; i++) {
            alive[i] = texts.get(i).isAlive();
        }
        return combination.isPossible(alive) ? this : with(texts, Double.NEGATIVE_INFINITY);
    }

    /** @param known the bytes known to come, which only save requests */
    public Step<Expected> predict(Lookahead known) {
        List<Step<ModelText.Expected>> steps = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            steps.add(texts.get(i).predict(known).of(i));
        }
        return Step.together(steps).map(expected -> {
            List<NextByteDistribution> each =
                    expected.stream().map(ModelText.Expected::next).toList();
            List<ModelText> informed =
                    expected.stream().map(ModelText.Expected::text).toList();
            List<Integer> longest =
                    expected.stream().map(ModelText.Expected::longestContext).toList();
            return new Expected(with(informed, logProb), combination.of(each), each, longest);
        });
    }

    private Step<List<ModelText>> each(Function<ModelText, Step<ModelText>> what) {
        List<Step<ModelText>> steps = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            steps.add(what.apply(texts.get(i)).of(i));
        }
        return Step.together(steps);
    }

    private CombinedText with(List<ModelText> newTexts, double newLogProb) {
        return new CombinedText(newTexts, combination, newLogProb);
    }

    /** The same text, with something done to what each model has read. */
    public CombinedText withEach(UnaryOperator<ModelText> change) {
        return with(texts.stream().map(change).toList(), logProb);
    }

    /** Whether the models together give the bytes so far no probability. */
    public boolean isDead() {
        return logProb == Double.NEGATIVE_INFINITY;
    }
}
