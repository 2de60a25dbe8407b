package io.bytelm.canonical;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a canonical tree.
 *
 * @param defer a context whose share of the probability is at most this is not evaluated while that holds; 0 evaluates
 *     every context, and the sum is exact
 * @param eosTokens ids of the tokens that end the sequence, ascending
 */
public record CanonicalParams(double defer, int[] eosTokens) {
    /** @throws IllegalArgumentException if {@code defer} is out of its range */
    public CanonicalParams {
        if (!(defer >= 0 && defer < 1)) {
            throw new IllegalArgumentException("the share to defer must be at least 0 and less than 1, got " + defer);
        }
        eosTokens = Arrays.stream(eosTokens).sorted().distinct().toArray();
    }

    /** Every context is evaluated. */
    public static CanonicalParams exact(int... eosTokens) {
        return new CanonicalParams(0, eosTokens);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CanonicalParams that && defer == that.defer && Arrays.equals(eosTokens, that.eosTokens);
    }

    @Override
    public int hashCode() {
        return Objects.hash(defer, Arrays.hashCode(eosTokens));
    }
}
