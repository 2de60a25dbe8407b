package io.bytelm.record;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A run of tokens of a session's contexts that are not written again. The contexts form a tree; a session's runs are a
 * list that is appended to, and its tokens are numbered from 1 in their order in that list. Now and then the list is
 * written anew with only those tokens that the model still reads.
 *
 * @param follows the number of the token that the first one comes after; 0 at the beginning of what is kept
 * @param olderTokens how many tokens of the context before the first one are not kept; only where {@code follows} is 0
 * @param olderHash their hash, see {@link io.bytelm.lm.TokenContext#hashBefore}; 0 if there are none
 * @param tokens oldest first, each after the one before it; not to be changed
 */
public record SettledTokens(int follows, int olderTokens, int olderHash, int[] tokens) {
    /** A run before which nothing was let go. */
    public SettledTokens(int follows, int[] tokens) {
        this(follows, 0, 0, tokens);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SettledTokens that
                && follows == that.follows
                && olderTokens == that.olderTokens
                && olderHash == that.olderHash
                && Arrays.equals(tokens, that.tokens);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * follows + olderTokens) + Arrays.hashCode(tokens);
    }
}
