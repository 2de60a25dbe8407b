package io.bytelm.record;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A run of tokens of a session's contexts that are not written again. The contexts form a tree; a session's runs are a
 * list that is only appended to, and its tokens are numbered from 1 in their order in that list.
 *
 * @param follows the number of the token that the first one comes after; 0 at the beginning of a context
 * @param tokens oldest first, each after the one before it; not to be changed
 */
public record SettledTokens(int follows, int[] tokens) {
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SettledTokens that && follows == that.follows && Arrays.equals(tokens, that.tokens);
    }

    @Override
    public int hashCode() {
        return 31 * follows + Arrays.hashCode(tokens);
    }
}
