package io.bytelm.decode;

import io.bytelm.beam.AllowedSymbols;
import io.bytelm.beam.Step;
import io.bytelm.canonical.Certified;
import io.bytelm.combine.Combination;
import io.bytelm.dist.Symbols;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * A text that several models read, each in tokens of its own. P of it is the product, over its bytes, of what the models
 * together expect of each: what {@link Combination} makes of their distributions. In a mixture that is made of what each
 * model gives the allowed symbols, so that the model asks for no more than alone; the other combinations need to know of all
 * symbols what each model gives them. Special tokens have no probability in any model; a product or a contrast is normalized
 * without them.
 *
 * @param parts what each model has read, in the models' order: the bytes so far are given, its probability is 1 or 0
 * @param combination of as many models
 * @param contextTokens how many tokens of a context each model reads at most
 * @param logLikelihood log P (nats) of the output, and of EOS if that was read
 */
public record TextOfModels(
        List<ReadText> parts, Combination combination, List<Long> contextTokens, double logLikelihood)
        implements ReadText {
    /** @throws IllegalArgumentException if there are not as many texts as the combination combines */
    public TextOfModels {
        parts = List.copyOf(parts);
        contextTokens = List.copyOf(contextTokens);
        if (!combination.isOf(parts.size()) || contextTokens.size() != parts.size()) {
            throw new IllegalArgumentException(
                    parts.size() + " models cannot be combined as " + combination.described());
        }
    }

    /**
     * Nothing written after a prompt; without probability if a model gives the prompt none that has to.
     *
     * @param prompts as each model has read the prompt, of which nothing is written
     */
    public static TextOfModels after(List<ReadText> prompts, Combination combination, List<Long> contextTokens) {
        return new TextOfModels(prompts, combination, contextTokens, 0).goingOn(prompts, 0);
    }

    @Override
    public Certified logProb() {
        return new Certified(logLikelihood, logLikelihood);
    }

    /** {@link Integer#MAX_VALUE} where a model has read a shortened one: its context may be shorter than another one's. */
    @Override
    public int longestContext() {
        return longest(parts.stream().map(ReadText::longestContext).toList());
    }

    private int longest(List<Integer> tokens) {
        int longest = 0;
        for (int i = 0; i < tokens.size(); i++) {
            boolean isTruncated = tokens.get(i) > contextTokens.get(i);
            longest = Math.max(longest, isTruncated ? Integer.MAX_VALUE : tokens.get(i));
        }
        return longest;
    }

    /** Whether the models together can give the end of the sequence a probability. */
    @Override
    public boolean hasEosTokens() {
        boolean[] have = new boolean[parts.size()];
        for (int i = 0; i < have.length; i++) {
            have[i] = parts.get(i).hasEosTokens();
        }
        return combination.isPossible(have);
    }

    @Override
    public Step<Ways> ways(AllowedSymbols allowed, byte[] output) {
        return each(part -> WaysOfPart.of(part, allowed, output, combination.needsDistributions()))
                .map(ways -> new WaysOfModels(this, ways, WaysOfPart.combined(ways, combination, allowed)));
    }

    @Override
    public Step<ReadText> following(byte[] output, int from) {
        return Step.loop(
                        new Reading(this, from),
                        reading -> reading.at < output.length && !reading.text.isDead(),
                        reading -> reading.text
                                .followingByte(output, reading.at)
                                .map(next -> new Reading((TextOfModels) next, reading.at + 1)))
                .map(Reading::text);
    }

    private record Reading(TextOfModels text, int at) {}

    @Override
    public Step<ReadText> followingByte(byte[] output, int at) {
        if (combination.needsDistributions()) {
            int next = output[at] & 0xFF;
            AllowedSymbols only = AllowedSymbols.where(symbol -> symbol == next);
            return ways(only, Arrays.copyOf(output, at)).then(ways -> ways.readByte(output, at));
        }
        return each(part -> isDead(part) ? Step.done(part) : part.followingByte(output, at))
                .map(this::goingOnInAMixture);
    }

    private ReadText goingOnInAMixture(List<ReadText> read) {
        double[] logProbs = new double[parts.size()];
        boolean[] reads = new boolean[parts.size()];
        for (int i = 0; i < reads.length; i++) {
            reads[i] = !isDead(parts.get(i));
            logProbs[i] = reads[i] ? read.get(i).logProb().logLower() : Double.NEGATIVE_INFINITY;
        }
        return goingOn(read, combination.mixed(logProbs, reads));
    }

    /** @param logProb of what was read (nats), after all that was read before */
    private TextOfModels goingOn(List<ReadText> read, double logProb) {
        List<ReadText> given = read.stream().map(ReadText::given).toList();
        boolean[] alive = new boolean[given.size()];
        for (int i = 0; i < alive.length; i++) {
            alive[i] = !isDead(given.get(i));
        }
        return combination.isPossible(alive)
                ? with(given, logLikelihood + logProb)
                : with(given, Double.NEGATIVE_INFINITY);
    }

    @Override
    public TextOfModels died() {
        return with(parts.stream().map(ReadText::died).toList(), Double.NEGATIVE_INFINITY);
    }

    @Override
    public TextOfModels given() {
        return with(parts, isDead() ? logLikelihood : 0);
    }

    private boolean isDead() {
        return isDead(this);
    }

    static boolean isDead(ReadText text) {
        return text.logProb().logLower() == Double.NEGATIVE_INFINITY;
    }

    private TextOfModels with(List<ReadText> newParts, double newLogLikelihood) {
        return new TextOfModels(newParts, combination, contextTokens, newLogLikelihood);
    }

    private <T> Step<List<T>> each(Function<ReadText, Step<T>> what) {
        List<Step<T>> steps = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            steps.add(what.apply(parts.get(i)).of(i));
        }
        return Step.together(steps);
    }

    /**
     * The ways of all models.
     *
     * @param before what they go on from
     * @param each those of each model, in the models' order
     * @param logProbs log-probabilities (nats), {@code [258]}, after the bytes so far; not to be changed
     */
    record WaysOfModels(TextOfModels before, List<WaysOfPart> each, double[] logProbs) implements Ways {
        @Override
        public TextOfModels text() {
            return before.with(each.stream().map(part -> part.ways().text()).toList(), before.logLikelihood);
        }

        @Override
        public double logBefore() {
            return before.logLikelihood;
        }

        @Override
        public double[] logMasses(AllowedSymbols allowed) {
            double[] masses = new double[Symbols.COUNT];
            for (int symbol = 0; symbol < masses.length; symbol++) {
                masses[symbol] =
                        allowed.contains(symbol) ? before.logLikelihood + logProbs[symbol] : Double.NEGATIVE_INFINITY;
            }
            return masses;
        }

        @Override
        public int longestContext() {
            return before.longest(
                    each.stream().map(part -> part.ways().longestContext()).toList());
        }

        @Override
        public Step<ReadText> read(byte[] output, int at) {
            return readByte(output, at).then(read -> read.following(output, at + 1));
        }

        @Override
        public Step<ReadText> readByte(byte[] output, int at) {
            double logProb = logProbs[output[at] & 0xFF];
            if (logProb == Double.NEGATIVE_INFINITY) {
                return Step.done(before.died());
            }
            List<Step<ReadText>> steps = new ArrayList<>();
            for (int i = 0; i < each.size(); i++) {
                steps.add(each.get(i).readByte(output, at).of(i));
            }
            return Step.together(steps).map(read -> before.goingOn(read, logProb));
        }

        /** Nothing follows: what each model has read does not matter any more. */
        @Override
        public TextOfModels readEos() {
            TextOfModels ended = before.died();
            return ended.with(ended.parts, before.logLikelihood + logProbs[Symbols.EOS]);
        }
    }
}
