package io.bytelm.beam;

import io.bytelm.dist.LogSpace;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import io.bytelm.lm.TokenContext;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The hypotheses about how the bytes so far were tokenized, best first; their weights sum to (an estimate from below of)
 * the prefix probability of those bytes. Immutable: every operation returns another beam.
 *
 * <p>Vieira et al., "From Language Models over Tokens to Language Models over Characters", ICML 2025; the operations are
 * those of the reference's {@code ByteBeamState}.
 *
 * @param hypotheses the heaviest first
 * @param params the settings
 * @param mode how hypotheses that begin a token from now on read the EOS tokens
 * @param longestBefore the longest context (tokens) of the hypotheses that it had before, if it is longer than those of
 *     all that it has; else 0
 */
public record Beam(List<Hypothesis> hypotheses, BeamParams params, EosMode mode, int longestBefore) {
    public Beam {
        hypotheses = List.copyOf(hypotheses);
    }

    /** A beam that has had no other hypotheses. */
    public Beam(List<Hypothesis> hypotheses, BeamParams params, EosMode mode) {
        this(hypotheses, params, mode, 0);
    }

    /** The beam before the first byte: one hypothesis, the context of {@code bosToken}, weight 0. */
    public static Beam initial(int bosToken, BeamParams params) {
        Hypothesis empty = Hypothesis.atRoot(TokenContext.startingWith(bosToken), 0, EosMode.WITH_EOS, null);
        return new Beam(List.of(empty), params, EosMode.WITH_EOS);
    }

    /**
     * The beam before the first byte of a text whose tokenizer puts a dummy prefix before the first word: it has read
     * the prefix, and its weights are normalized again, so that the first word is scored as the model saw it in training
     * and {@link #logZ} is 0. A vocabulary without a dummy prefix switches this off.
     */
    public static Step<Beam> initial(Vocabulary vocabulary, BeamParams params) {
        byte[] prefix = vocabulary.dummyPrefix();
        Beam start = initial(vocabulary.bosToken(), params);
        return prefix.length == 0 ? Step.done(start) : start.read(prefix).map(Beam::normalized);
    }

    /** Log of the summed weights (nats): the estimate of log P(bytes so far); {@code -Infinity} when dead. */
    public double logZ() {
        return logSum(hypotheses);
    }

    static double logSum(List<Hypothesis> hypotheses) {
        return LogSpace.logSumExp(
                hypotheses.stream().mapToDouble(Hypothesis::logWeight).toArray());
    }

    /** True if no hypothesis is left: the model gives these bytes no probability that the beam still follows. */
    public boolean isDead() {
        return hypotheses.isEmpty();
    }

    /** True if every hypothesis has read EOS: nothing follows. */
    public boolean hasTerminated() {
        return !isDead() && hypotheses.stream().allMatch(Hypothesis::terminated);
    }

    /** Keeps the best K of those above the threshold; what has no mass is never kept. */
    public Beam prune() {
        double logZ = logZ();
        double threshold = params.logPruneThreshold();
        List<Hypothesis> kept = hypotheses.stream()
                .filter(h -> LogSpace.logDivide(h.logWeight(), logZ) > threshold)
                .limit(params.width())
                .toList();
        return goingOnWith(kept);
    }

    /**
     * The longest context, in tokens, that any of its hypotheses was read with, those that were dropped included. Where
     * this is more than the model reads of a context, its weights were computed from shortened ones. Never shrinks.
     */
    public int longestContext() {
        return longest(longestBefore, hypotheses);
    }

    /** The longest context of these hypotheses, {@code atLeast} if all are shorter. */
    static int longest(int atLeast, List<Hypothesis> hypotheses) {
        int longest = atLeast;
        for (Hypothesis hypothesis : hypotheses) {
            longest = Math.max(longest, hypothesis.context().length());
        }
        return longest;
    }

    /**
     * Reads {@code bytes[at]}; call {@link #prune} before. The bytes after it are known to come and only save requests.
     */
    public Step<Beam> advance(byte[] bytes, int at) {
        return advance(Lookahead.of(bytes, at));
    }

    /**
     * Reads the first of the known bytes; call {@link #prune} before.
     *
     * @throws IllegalArgumentException if no byte is known
     */
    public Step<Beam> advance(Lookahead known) {
        if (known.isEmpty()) {
            throw new IllegalArgumentException("there is no byte to read");
        }
        return new Advance(this, known.first(), known).run();
    }

    /** Reads {@link Symbols#EOS}; call {@link #prune} before. */
    public Step<Beam> advanceEos() {
        return new Advance(this, Symbols.EOS, Lookahead.NONE).run();
    }

    /** Prunes and reads byte after byte. Does not prune after the last one. */
    public Step<Beam> read(byte[] bytes) {
        return read(bytes, 0, bytes.length);
    }

    /** Reads the bytes from {@code from} up to {@code to}; those after them are known to come and only save requests. */
    public Step<Beam> read(byte[] bytes, int from, int to) {
        return Step.loop(
                        new Reading(this, from),
                        reading -> reading.at < to,
                        reading -> reading.beam
                                .prune()
                                .advance(bytes, reading.at)
                                .map(beam -> new Reading(beam, reading.at + 1)))
                .map(Reading::beam);
    }

    private record Reading(Beam beam, int at) {}

    /** The distribution over the next symbol; all {@code -Infinity} if the beam is dead or has terminated. */
    public Step<NextByteDistribution> nextByte() {
        return predict(Lookahead.NONE).map(Prediction::next);
    }

    /**
     * The distribution over the next symbol of the beam as it is, not pruned. To go on, take the prediction's beam.
     *
     * @param known the bytes known to come, which save requests when they are read; they change no result
     */
    public Step<Prediction> predict(Lookahead known) {
        return Prediction.of(this, known);
    }

    /**
     * The ways to go on with an allowed symbol, of the beam as it is: not to be pruned before, because what is improbable
     * may be all that is allowed. Where the prune threshold and the width have kept none, other tokenizations of the last
     * bytes are looked for, unless healing is off. There is none if nothing allowed has any probability; the search goes
     * as far back as {@link Retokenization} says.
     *
     * @param text the bytes that the beam has read, as far as they are known; the last ones suffice. Not to be changed
     */
    public Step<Continuations> continuations(AllowedSymbols allowed, byte[] text) {
        return continuations(new Reach.OfSymbols(allowed), text, text.length);
    }

    /**
     * Reads the first of the known bytes as the only one that is allowed: keeps what has a share in that byte, where
     * {@link #prune} and {@link #advance} keep what had one before it. {@link #isDead} if it has no probability.
     *
     * @param known not empty; the bytes before the first one are those that the beam has read, as far as they are known
     */
    public Step<Beam> follow(Lookahead known) {
        return continuations(new Reach.OfKnown(known), known.bytes(), known.at())
                .then(ways -> ways.read(known));
    }

    private Step<Continuations> continuations(Reach reach, byte[] text, int length) {
        return new Narrowing(this, reach)
                .run()
                .then(found -> found.ways().isEmpty() && params.heal()
                        ? new Retokenization(found.beam(), reach, text, length).run()
                        : Step.done(found));
    }

    /** The same beam, whose hypotheses ask for every mass again, and for those of their next tokens, in this mode. */
    public Beam askingIn(EosMode newMode) {
        return new Beam(mapped(h -> h.askingIn(newMode)), params, newMode, longestBefore);
    }

    /** Prunes and reads byte after byte with EOS tokens as ordinary tokens, then turns to {@link EosMode#WITH_EOS}. */
    public Step<Beam> prefill(byte[] bytes) {
        return withMode(EosMode.WITHOUT_EOS).read(bytes).map(beam -> beam.withMode(EosMode.WITH_EOS));
    }

    /** The same hypotheses, with the masses that they have; those that begin a token later use {@code newMode}. */
    public Beam withMode(EosMode newMode) {
        return new Beam(mapped(Beam::forgettingExtensions), params, newMode, longestBefore);
    }

    private static Hypothesis forgettingExtensions(Hypothesis hypothesis) {
        PathMasses masses = hypothesis.masses();
        return masses == null ? hypothesis : hypothesis.withMasses(masses.withoutExtensions());
    }

    /** The same beam, which has to ask for every mass again: what is left of it when it is stored. */
    public Beam withoutMasses() {
        return new Beam(mapped(h -> h.withMasses(null)), params, mode, longestBefore);
    }

    /**
     * The context of each hypothesis. While a beam reads, its contexts only grow: a closed token is never opened again,
     * unless {@link #continuations} or {@link #follow} found no other way.
     */
    public List<TokenContext> contexts() {
        return hypotheses.stream().map(Hypothesis::context).toList();
    }

    /** The same beam on other contexts, one for each hypothesis, which has to ask for every mass again. */
    public Beam withContexts(List<TokenContext> contexts) {
        List<Hypothesis> moved = new ArrayList<>();
        for (int i = 0; i < hypotheses.size(); i++) {
            moved.add(hypotheses.get(i).withContext(contexts.get(i)));
        }
        return new Beam(moved, params, mode, longestBefore);
    }

    /** The same shares with {@link #logZ} 0: the bytes so far are given. A beam without mass stays as it is. */
    public Beam normalized() {
        double logZ = logZ();
        List<Hypothesis> shares = mapped(h -> h.withLogWeight(LogSpace.logDivide(h.logWeight(), logZ)));
        return new Beam(shares, params, mode, longestBefore);
    }

    /** The same beam without hypotheses: nothing follows. */
    public Beam died() {
        return withHypotheses(List.of());
    }

    /** A beam of other hypotheses, sorted by weight; equal weights keep their order. */
    Beam withHypotheses(List<Hypothesis> unsorted) {
        List<Hypothesis> sorted = new ArrayList<>(unsorted);
        sorted.sort(Comparator.comparingDouble(Hypothesis::logWeight).reversed());
        return withSorted(sorted);
    }

    Beam withSorted(List<Hypothesis> sorted) {
        return goingOnWith(sorted);
    }

    private Beam goingOnWith(List<Hypothesis> others) {
        int longest = longestContext();
        return new Beam(others, params, mode, longest > longest(0, others) ? longest : 0);
    }

    /** The same beam, whose hypotheses know the masses of these extensions of theirs. */
    Beam remembering(List<Extension> extensions) {
        List<Hypothesis> informed = new ArrayList<>(hypotheses);
        for (Extension extension : extensions) {
            Hypothesis parent = informed.get(extension.parent());
            PathMasses masses = parent.knownMasses()
                    .remembering(extension.token(), extension.hypothesis().knownMasses());
            informed.set(extension.parent(), parent.withMasses(masses));
        }
        return withSorted(informed);
    }

    /** Where this very object stands among the hypotheses, -1 if nowhere. */
    int indexOf(Hypothesis hypothesis) {
        for (int i = 0; i < hypotheses.size(); i++) {
            if (hypotheses.get(i) == hypothesis) {
                return i;
            }
        }
        return -1;
    }

    private List<Hypothesis> mapped(UnaryOperator<Hypothesis> change) {
        return hypotheses.stream().map(change).toList();
    }
}
