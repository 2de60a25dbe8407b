package io.bytelm.decode;

import io.bytelm.beam.AllowedSymbols;
import io.bytelm.beam.Step;
import io.bytelm.constraint.Cursor;
import io.bytelm.dist.Symbols;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One output as far as it has come: a particle. Immutable.
 *
 * <p>Its weight is P / Q: the probability P that the model gives to its bytes (and to EOS, if they end with it), divided
 * by the probability Q with which they were drawn. Where bytes are drawn as the model does (temperature 1, no truncation),
 * each step thus multiplies the weight by Z of the mask. The mean weight of finished outputs is an unbiased estimate of
 * the probability that the model satisfies the constraint, for every temperature above 0; where top-k, top-p or min-p
 * keep some outputs from being drawn, their share is missing in it.
 *
 * <p>P is what is followed of that probability. With a beam of prune threshold 0 that is wide enough for all tokenizations
 * that is all of it. Else it is an estimate from below: before each byte, what has no more than the threshold's share of
 * the mass that is allowed there, forced bytes included, is dropped ({@link io.bytelm.beam.Beam#continuations}), and that
 * depends on the bytes and the constraint alone, not on what is drawn. So the estimate stays unbiased, for the sum of these P
 * over all outputs that satisfy the constraint, which is never above the constraint's probability.
 *
 * <p>Over canonical tokenizations P is the probability that the model writes just these tokens of the output: exact, or where
 * contexts are deferred the lower end of its interval, which again depends on the bytes and the constraint alone. Bytes that
 * only deferred contexts could go on with are not drawn, so the estimate is one from below then.
 *
 * @param text after all bytes; its log probability is log P of them (nats), the prompt given
 * @param cursor the constraint's position after all bytes
 * @param bytes the output; not to be changed
 * @param logProposal log Q of the bytes (nats); bytes that were forced do not count
 * @param logWeightBase log P - log Q (nats) when the particles were resampled last: what it has already been paid for
 * @param ending null as long as the output goes on
 */
public record Draft(
        ReadText text,
        Cursor cursor,
        byte[] bytes,
        double logProposal,
        double logWeightBase,
        @Nullable Ending ending) {
    private static final byte[] NO_BYTES = {};

    /** One step of a draft, and what its first byte was drawn from; null if none was drawn. */
    record Move(Draft draft, @Nullable MaskedNext drawnFrom) {}

    /**
     * The output before the first byte that is a choice.
     *
     * @param prompted the text after the prompt, of which nothing is written
     */
    static Step<Draft> begin(ReadText prompted, DecodingRules rules) {
        return new ForcedRun(rules)
                .from(empty(prompted, rules))
                .caughtUp(NO_BYTES.length)
                .map(draft -> draft.completedIfLost(rules));
    }

    /** The output before its first byte; {@code prompted} as in {@link #begin}. */
    public static Draft empty(ReadText prompted, DecodingRules rules) {
        return new Draft(prompted, rules.constraint().start(), NO_BYTES, 0, 0, null);
    }

    /**
     * What may follow.
     *
     * @param draft has kept the answers that this took
     * @param ways how its text goes on with it
     */
    public record Allowed(Draft draft, MaskedNext masked, ReadText.Ways ways) {}

    /** What may follow. */
    public Step<Allowed> allowed(DecodingRules rules) {
        AllowedSymbols allowed = rules.allowed(cursor, bytes.length);
        return text.ways(allowed, bytes)
                .map(ways -> new Allowed(withText(ways.text()), MaskedNext.of(ways, allowed), ways));
    }

    /**
     * The output with bytes that somebody else has chosen; it is a dead end if the model gives them no probability.
     *
     * @throws IllegalStateException if one is not live
     */
    public Step<Draft> reading(byte[] chosen) {
        Cursor at = cursor;
        for (byte next : chosen) {
            at = stepped(at, next & 0xFF);
        }
        byte[] longer = Arrays.copyOf(bytes, bytes.length + chosen.length);
        System.arraycopy(chosen, 0, longer, bytes.length, chosen.length);
        return new Draft(text, at, longer, logProposal, logWeightBase, ending).caughtUp(bytes.length);
    }

    /** Log P (nats) of the bytes, and of EOS if it was drawn; what is known of it from below. */
    public double logLikelihood() {
        return text.logProb().logLower();
    }

    /** Log of the weight (nats) since the last resampling. */
    public double logWeight() {
        return ending == Ending.DEAD_END ? Double.NEGATIVE_INFINITY : rawLogWeight() - logWeightBase;
    }

    /** Whether the bytes satisfy the constraint. */
    public boolean complete() {
        return cursor.accepting();
    }

    /** Draws a symbol, adds what it forces, and has it all read. Does nothing at the end. */
    Step<Move> step(DecodingRules rules, int stream) {
        if (ending != null) {
            return Step.done(new Move(this, null));
        }
        return allowed(rules).then(allowed -> {
            MaskedNext masked = allowed.masked();
            if (masked.isDeadEnd()) {
                return Step.done(new Move(ended(Ending.DEAD_END).completedIfLost(rules), null));
            }
            double[] proposal = rules.sampler().proposal(masked.next());
            int symbol = Sampler.draw(proposal, rules.random().uniform(stream, bytes.length));
            return take(symbol, allowed.ways(), proposal[symbol], rules).map(taken -> new Move(taken, masked));
        });
    }

    private Step<Draft> take(int symbol, ReadText.Ways ways, double logQ, DecodingRules rules) {
        double newLogProposal = logProposal + logQ;
        if (symbol == Symbols.EOS) {
            ReadText ended = ways.readEos();
            return Step.done(new Draft(ended, cursor, bytes, newLogProposal, logWeightBase, endingByEos(rules)));
        }
        Cursor next = stepped(cursor, symbol);
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        longer[bytes.length] = (byte) symbol;
        Draft taken = new Draft(text, next, longer, newLogProposal, logWeightBase, null);
        Draft forced = new ForcedRun(rules).from(taken);
        return ways.read(forced.bytes, bytes.length)
                .map(read -> forced.withText(read).deadIfLost().completedIfLost(rules));
    }

    /** What the model cannot go on with gets the shortest end that satisfies the constraint. */
    private Draft completedIfLost(DecodingRules rules) {
        if (ending != Ending.DEAD_END) {
            return this;
        }
        return new ShortestCompletion(rules).of(withText(text.died()));
    }

    static Cursor stepped(Cursor cursor, int nextByte) {
        Cursor next = cursor.step(nextByte);
        if (next == null) {
            throw new IllegalStateException("byte " + nextByte + " is not live");
        }
        return next;
    }

    private Ending endingByEos(DecodingRules rules) {
        boolean wasForced = rules.live(cursor, bytes.length).isEmpty();
        return wasForced ? endingWithoutRoom() : Ending.EOS;
    }

    /** Why an output ends that has no live byte within its budget. */
    Ending endingWithoutRoom() {
        return cursor.live().isEmpty() ? Ending.COMPLETE : Ending.BUDGET;
    }

    /** Has the bytes read from {@code read} on: all of them are known, which saves requests. */
    private Step<Draft> caughtUp(int read) {
        return text.following(bytes, read).map(after -> withText(after).deadIfLost());
    }

    private Draft deadIfLost() {
        return logLikelihood() == Double.NEGATIVE_INFINITY ? ended(Ending.DEAD_END) : this;
    }

    /** The same output with weight 1: it was drawn again with its weight's probability. */
    Draft resampled() {
        return new Draft(text, cursor, bytes, logProposal, rawLogWeight(), ending);
    }

    Draft ended(Ending reason) {
        return new Draft(text, cursor, bytes, logProposal, logWeightBase, reason);
    }

    private Draft withText(ReadText newText) {
        return new Draft(newText, cursor, bytes, logProposal, logWeightBase, ending);
    }

    private double rawLogWeight() {
        return logLikelihood() - logProposal;
    }
}
