package io.bytelm.vocab.bpe;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How byte-pair encoding makes each token of the token's own symbols: the parts of its last merge, and when that comes.
 *
 * <p>The parts are those of the merge as it is really made, which need not be the first one listed. A token's time after a
 * part is the greatest rank that is merged between the part and the token. Where both parts are there before the turn of
 * their merge this is its rank; a part that is made late, by a merge further down the list, delays what it is needed for.
 *
 * @param left {@code [tokens]}: the left part, {@link #SYMBOL} of a symbol, {@link #UNREACHABLE} where byte-pair encoding
 *     makes something else of the symbols
 * @param right {@code [tokens]}: the right part, likewise
 * @param timeFromLeft {@code [tokens]}: the time after the left part
 * @param timeFromRight {@code [tokens]}: the time after the right part
 */
record Derivations(int[] left, int[] right, int[] timeFromLeft, int[] timeFromRight) {
    static final int SYMBOL = -1;
    static final int UNREACHABLE = -2;

    /** @param symbols by token: what its text is before the first merge; null of what is no piece of text */
    static Derivations of(MergeTable merges, int[] @Nullable [] symbols) {
        int[] left = new int[symbols.length];
        Arrays.fill(left, UNREACHABLE);
        Derivations all = new Derivations(left, left.clone(), new int[symbols.length], new int[symbols.length]);
        for (int token = 0; token < symbols.length; token++) {
            int[] own = symbols[token];
            if (own != null && own.length > 0) {
                all.derive(token, new Merging(merges, own).run());
            }
        }
        return all;
    }

    private void derive(int token, Merging merging) {
        if (merging.isJust(token)) {
            left[token] = merging.lastLeft();
            right[token] = merging.lastRight();
            timeFromLeft[token] = merging.timeFromLeft();
            timeFromRight[token] = merging.timeFromRight();
        }
    }

    boolean reachable(int token) {
        return left[token] != UNREACHABLE;
    }
}
