package io.bytelm.record;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A piece of the tokens that all contexts of a session begin with. They never change again, so a session's pieces are a
 * list that is only appended to.
 *
 * @param tokens oldest first; not to be changed
 */
public record SettledTokens(int[] tokens) {
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SettledTokens that && Arrays.equals(tokens, that.tokens);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(tokens);
    }
}
