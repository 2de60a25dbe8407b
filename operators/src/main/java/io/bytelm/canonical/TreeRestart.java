package io.bytelm.canonical;

import io.bytelm.beam.DeadEndKind;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.ReadOn;
import io.bytelm.beam.Step;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.canonical.Head;
import io.bytelm.lm.canonical.Heads;
import java.util.Comparator;

/**
 * Reads on with a byte with which no canonical text goes on. Mostly no token has it, and it is left out: what follows is
 * read as if it were not there. Where one has it, the text begins anew after the heaviest way's closed tokens; nothing is
 * deferred up to there, so that it is certain what later bytes are a share of.
 *
 * @param before the tree before the byte, not dead
 */
public record TreeRestart(CanonicalTree before) {
    private static final byte[] NO_BYTES = {};

    /**
     * Reads the byte or leaves it out; without a request where no token has it.
     *
     * @param b 0 to 255
     */
    public Step<ReadOn<CanonicalTree>> read(int b) {
        CanonicalTree leavingOut = before.forgettingWhatWasToCome();
        if (!before.heads().rules().coverage().has(b)) {
            return Step.done(new ReadOn<>(leavingOut, DeadEndKind.NO_TOKEN));
        }
        return leavingOut.exact().then(exact -> {
            Head heaviest = heaviest(exact);
            return anew(exact, heaviest.context())
                    .advance(Lookahead.of(new byte[] {(byte) b}, 0))
                    .map(read -> read.logProb().logLower() > Double.NEGATIVE_INFINITY
                            ? new ReadOn<>(read.withParams(before.params()), DeadEndKind.BROKEN_TOKEN, heaviest.open())
                            : new ReadOn<>(leavingOut, DeadEndKind.NO_WAY));
        });
    }

    private static Head heaviest(CanonicalTree exact) {
        return exact.heads().heads().stream()
                .filter(head -> !head.isClosed())
                .max(Comparator.comparingDouble(head -> logWeight(exact, head)))
                .orElseThrow();
    }

    private static CanonicalTree anew(CanonicalTree exact, TokenContext context) {
        Opening root =
                new Opening(context, exact.length(), null, exact.logProb().logLower(), null);
        return new CanonicalTree(
                Heads.before(exact.heads().rules(), context),
                Openings.of(root),
                NO_BYTES,
                exact.length(),
                exact.params(),
                exact.eos());
    }

    private static double logWeight(CanonicalTree exact, Head head) {
        Opening opening = exact.openings().of(head);
        Masses masses = opening.masses();
        return masses == null ? Double.NEGATIVE_INFINITY : opening.logWeight() + masses.logMass(head.open());
    }
}
