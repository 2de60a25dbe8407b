package io.bytelm.decode;

import io.bytelm.beam.AllowedSymbols;
import io.bytelm.beam.Beam;
import io.bytelm.beam.Continuations;
import io.bytelm.beam.EosMode;
import io.bytelm.beam.Lookahead;
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
 * <p>P is what the beam follows of that probability. With prune threshold 0 and a beam wide enough for all tokenizations
 * that is all of it. Else it is an estimate from below: before each byte, what has no more than the threshold's share of
 * the mass that is allowed there, forced bytes included, is dropped ({@link Beam#continuations}), and that depends on the
 * bytes and the constraint alone, not on what is drawn. So the estimate stays unbiased, for the sum of these P over all
 * outputs that satisfy the constraint, which is never above the constraint's probability.
 *
 * @param beam after all bytes; its logZ is log P of them (nats), the prompt given
 * @param cursor the constraint's position after all bytes
 * @param bytes the output; not to be changed
 * @param logProposal log Q of the bytes (nats); bytes that were forced do not count
 * @param logWeightBase log P - log Q (nats) when the particles were resampled last: what it has already been paid for
 * @param ending null as long as the output goes on
 */
public record Draft(
        Beam beam,
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
     * @param prompted the beam after the prompt, with logZ 0
     */
    static Step<Draft> begin(Beam prompted, DecodingRules rules) {
        return new ForcedRun(rules)
                .from(empty(prompted, rules))
                .caughtUp(NO_BYTES.length)
                .map(draft -> draft.completedIfLost(rules));
    }

    /** The output before its first byte; {@code prompted} as in {@link #begin}. */
    public static Draft empty(Beam prompted, DecodingRules rules) {
        Beam generating = prompted.askingIn(EosMode.GENERATING);
        return new Draft(generating, rules.constraint().start(), NO_BYTES, 0, 0, null);
    }

    /**
     * What may follow.
     *
     * @param draft has kept the answers that this took
     * @param ways how its beam goes on with it
     */
    public record Allowed(Draft draft, MaskedNext masked, Continuations ways) {}

    /** What may follow. */
    public Step<Allowed> allowed(DecodingRules rules) {
        AllowedSymbols allowed = rules.allowed(cursor, bytes.length);
        return beam.continuations(allowed, bytes)
                .map(ways -> new Allowed(withBeam(ways.beam()), MaskedNext.of(ways, allowed, logLikelihood()), ways));
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
        return new Draft(beam, at, longer, logProposal, logWeightBase, ending).caughtUp(bytes.length);
    }

    /** Log P (nats) of the bytes, and of EOS if it was drawn. */
    public double logLikelihood() {
        return beam.logZ();
    }

    /** Log of the weight (nats) since the last resampling. */
    public double logWeight() {
        return ending == Ending.DEAD_END ? Double.NEGATIVE_INFINITY : rawLogWeight() - logWeightBase;
    }

    /** Whether the bytes satisfy the constraint. */
    public boolean complete() {
        return cursor.accepting();
    }

    /** Draws a symbol, adds what it forces, and lets the beam read it all. Does nothing at the end. */
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

    private Step<Draft> take(int symbol, Continuations ways, double logQ, DecodingRules rules) {
        double newLogProposal = logProposal + logQ;
        if (symbol == Symbols.EOS) {
            Beam ended = ways.readEos();
            return Step.done(new Draft(ended, cursor, bytes, newLogProposal, logWeightBase, endingByEos(rules)));
        }
        Cursor next = stepped(cursor, symbol);
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        longer[bytes.length] = (byte) symbol;
        Draft taken = new Draft(beam, next, longer, newLogProposal, logWeightBase, null);
        Draft forced = new ForcedRun(rules).from(taken);
        return ways.read(new Lookahead(forced.bytes, bytes.length, true))
                .then(read -> forced.withBeam(read).caughtUp(longer.length))
                .map(draft -> draft.completedIfLost(rules));
    }

    /** What the model cannot go on with gets the shortest end that satisfies the constraint. */
    private Draft completedIfLost(DecodingRules rules) {
        if (ending != Ending.DEAD_END) {
            return this;
        }
        return new ShortestCompletion(rules).of(withBeam(beam.died()));
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

    /** Lets the beam read the bytes from {@code read} on: all of them are known, which saves requests. */
    private Step<Draft> caughtUp(int read) {
        return Step.loop(
                        new Reading(beam, read),
                        reading ->
                                reading.at() < bytes.length && !reading.beam().isDead(),
                        reading -> reading.beam()
                                .follow(new Lookahead(bytes, reading.at(), true))
                                .map(next -> new Reading(next, reading.at() + 1)))
                .map(reading -> {
                    Draft caughtUp = withBeam(reading.beam());
                    boolean isLost = caughtUp.logLikelihood() == Double.NEGATIVE_INFINITY;
                    return isLost ? caughtUp.ended(Ending.DEAD_END) : caughtUp;
                });
    }

    private record Reading(Beam beam, int at) {}

    /** The same output with weight 1: it was drawn again with its weight's probability. */
    Draft resampled() {
        return new Draft(beam, cursor, bytes, logProposal, rawLogWeight(), ending);
    }

    Draft ended(Ending reason) {
        return new Draft(beam, cursor, bytes, logProposal, logWeightBase, reason);
    }

    private Draft withBeam(Beam newBeam) {
        return new Draft(newBeam, cursor, bytes, logProposal, logWeightBase, ending);
    }

    private double rawLogWeight() {
        return logLikelihood() - logProposal;
    }
}
