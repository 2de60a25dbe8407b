package io.bytelm.beam;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the beam; names and meaning are those of the reference's {@code BeamParams}.
 *
 * @param width K, the most hypotheses that {@link Beam#prune} keeps
 * @param pruneThreshold hypotheses with less than this share of the beam's probability are dropped; 0 keeps all
 * @param eosTokens ids of the tokens that end the sequence, ascending
 * @param heal whether to look for another tokenization when the beam runs dry
 * @param healMaxBackoff the most bytes that healing takes back, {@link #UNLIMITED} for any number
 * @param healMaxSplits the most extra tokens that healing closes on its way, {@link #UNLIMITED} for any number
 */
public record BeamParams(
        int width, double pruneThreshold, int[] eosTokens, boolean heal, int healMaxBackoff, int healMaxSplits) {
    /** No limit. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** Healing on, no limits, no EOS tokens. */
    public static BeamParams of(int width, double pruneThreshold) {
        return new BeamParams(width, pruneThreshold, new int[0], true, UNLIMITED, UNLIMITED);
    }

    /** @throws IllegalArgumentException if a number is out of its range; the message names it */
    public BeamParams {
        if (width < 1) {
            throw new IllegalArgumentException("beam width K must be at least 1, got " + width);
        }
        if (!(pruneThreshold >= 0 && pruneThreshold < 1)) {
            throw new IllegalArgumentException(
                    "prune threshold must be at least 0 and less than 1, got " + pruneThreshold);
        }
        if (healMaxBackoff < 0 || healMaxSplits < 0) {
            throw new IllegalArgumentException("healing limits must not be negative, got backoff " + healMaxBackoff
                    + " and splits " + healMaxSplits);
        }
        eosTokens = Arrays.stream(eosTokens).sorted().distinct().toArray();
    }

    /**
     * How many contexts beside those of its text's tokens a beam asks for until it comes back to one of them: as many a
     * model has to keep the states of, or it reads the text again. A fit to what evaluations a byte cost at thresholds from
     * 0.05 to 0, and to how many kept states sufficed there (14, 31, 65 and, for width 5, 275).
     */
    public long branchTokens() {
        double decades = -Math.log10(pruneThreshold); // infinite for none
        return (long) Math.ceil(Math.min(55.0 * width, 9 * Math.pow(decades, 1.8)));
    }

    /** The threshold in nats, {@code -Infinity} for none. */
    public double logPruneThreshold() {
        return Math.log(pruneThreshold);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BeamParams that
                && width == that.width
                && pruneThreshold == that.pruneThreshold
                && Arrays.equals(eosTokens, that.eosTokens)
                && heal == that.heal
                && healMaxBackoff == that.healMaxBackoff
                && healMaxSplits == that.healMaxSplits;
    }

    @Override
    public int hashCode() {
        return Objects.hash(width, pruneThreshold, Arrays.hashCode(eosTokens), heal, healMaxBackoff, healMaxSplits);
    }
}
