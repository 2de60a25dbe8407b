package io.bytelm.vocab.bpe;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Which two tokens byte-pair encoding can leave beside each other. A run of tokens is what it makes of their text if and
 * only if each token is reachable and each two neighbours are valid, so this is all that there is to know of the merges.
 *
 * <p>Two tokens are valid if nothing is ever merged across their border. Both are followed while they are being made: the
 * pieces that lie at the border at the same time must not be merged before one of them has become larger. At equal ranks
 * the leftmost merge comes first, so the left token grows before the border is merged, and that before the right one grows.
 *
 * <p>The state is immutable but for a memo that never changes an answer; safe for any thread.
 */
public final class CanonicalPairs {
    private static final int MEMO_SIZE = 1 << 16;
    private static final long VALID = 1L << 62;

    private final MergeTable merges;
    private final Derivations derivations;
    private final Spines rightBorders;
    private final Spines leftBorders;
    /** Pair and answer in one number, so that a reader sees both or neither. */
    private final AtomicLongArray memo = new AtomicLongArray(MEMO_SIZE);

    private CanonicalPairs(MergeTable merges, Derivations derivations) {
        this.merges = merges;
        this.derivations = derivations;
        this.rightBorders = Spines.of(derivations.right(), derivations.timeFromRight());
        this.leftBorders = Spines.of(derivations.left(), derivations.timeFromLeft());
    }

    /**
     * @param merges of token ids
     * @param symbols {@code [tokens][]}: the tokens that each token's text is before the first merge; null of what is no
     *     piece of text
     */
    public static CanonicalPairs of(MergeTable merges, int[] @Nullable [] symbols) {
        return new CanonicalPairs(merges, Derivations.of(merges, symbols));
    }

    /** The number of token ids. */
    public int size() {
        return derivations.left().length;
    }

    /** A hash of all that decides which tokens can be neighbours; the same in every JVM. */
    public int fingerprint() {
        return 31 * merges.fingerprint()
                + 31 * Arrays.hashCode(derivations.left())
                + Arrays.hashCode(derivations.right());
    }

    /** Whether byte-pair encoding makes just this token of the token's own text. */
    public boolean reachable(int token) {
        return derivations.reachable(token);
    }

    /** Whether the two can be neighbours in what byte-pair encoding makes of one piece of text. */
    public boolean valid(int left, int right) {
        if (!reachable(left) || !reachable(right)) {
            return false;
        }
        long pair = ((long) left << 31 | right) + 1; // 0 is an empty place
        int place = (int) (pair * 0x9E3779B97F4A7C15L >>> 48) & MEMO_SIZE - 1;
        long known = memo.getOpaque(place);
        if ((known & ~VALID) == pair) {
            return (known & VALID) != 0;
        }
        boolean valid = staysApart(left, right);
        memo.setOpaque(place, valid ? pair | VALID : pair);
        return valid;
    }

    private boolean staysApart(int left, int right) {
        int l = rightBorders.begin(left);
        int r = leftBorders.begin(right);
        while (true) {
            int across = merges.rank(rightBorders.pieces()[l], leftBorders.pieces()[r]);
            int leftGrows = rightBorders.nextTime(l, left);
            int rightGrows = leftBorders.nextTime(r, right);
            if (across < leftGrows && across <= rightGrows) {
                return false;
            }
            if (leftGrows == MergeTable.NONE && rightGrows == MergeTable.NONE) {
                return true;
            }
            if (leftGrows <= rightGrows) {
                l++;
            } else {
                r++;
            }
        }
    }
}
