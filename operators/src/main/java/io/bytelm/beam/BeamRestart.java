package io.bytelm.beam;

import io.bytelm.vocab.ByteCoverage;
import java.util.List;

/**
 * Reads on with a byte that no hypothesis could read. First hypotheses are taken up that were too light to be followed, and
 * other tokenizations of the open bytes are looked for, whatever the settings for healing. Then the text begins anew after
 * the heaviest hypothesis's closed tokens. What helps in neither way is left out. The probability of all bytes that are not
 * left out stays one number, estimated from below.
 *
 * @param before the beam before the byte, not pruned and not dead
 * @param tokens which bytes the tokens of its vocabulary have
 */
public record BeamRestart(Beam before, ByteCoverage tokens) {
    /**
     * Reads the byte or leaves it out; without a request where no token has it.
     *
     * @param b 0 to 255
     * @param isStuck whether the byte before was left out though tokens have it: then the search, which has failed on the
     *     same beam, is not made again
     */
    public Step<ReadOn<Beam>> read(int b, boolean isStuck) {
        if (!tokens.has(b)) {
            return Step.done(new ReadOn<>(before, DeadEndKind.NO_TOKEN));
        }
        Lookahead known = Lookahead.of(new byte[] {(byte) b}, 0); // others would have to be known in every chunk
        if (isStuck) {
            return anew(known);
        }
        return searching(before)
                .follow(known)
                .then(found -> hasMass(found)
                        ? Step.done(new ReadOn<>(withParamsOf(before, found), DeadEndKind.PRUNED))
                        : anew(known));
    }

    private Step<ReadOn<Beam>> anew(Lookahead known) {
        Hypothesis heaviest = before.hypotheses().get(0);
        if (heaviest.terminated() || heaviest.isAtRoot()) {
            return Step.done(new ReadOn<>(before, DeadEndKind.NO_WAY));
        }
        Hypothesis root = Hypothesis.atRoot(heaviest.context(), before.logZ(), before.mode(), null);
        return before.withHypotheses(List.of(root))
                .advance(known)
                .map(read -> hasMass(read)
                        ? new ReadOn<>(read, DeadEndKind.BROKEN_TOKEN, heaviest.partial().length)
                        : new ReadOn<>(before, DeadEndKind.NO_WAY));
    }

    private static boolean hasMass(Beam beam) {
        return beam.logZ() > Double.NEGATIVE_INFINITY;
    }

    /** The same beam, which looks for other tokenizations as far as its open bytes go. */
    private static Beam searching(Beam beam) {
        BeamParams usual = beam.params();
        BeamParams without = new BeamParams(
                usual.width(),
                usual.pruneThreshold(),
                usual.eosTokens(),
                true,
                BeamParams.UNLIMITED,
                BeamParams.UNLIMITED);
        return new Beam(beam.hypotheses(), without, beam.mode(), beam.longestBefore());
    }

    private static Beam withParamsOf(Beam usual, Beam beam) {
        return new Beam(beam.hypotheses(), usual.params(), beam.mode(), beam.longestBefore());
    }
}
