package io.bytelm.record;

import io.bytelm.span.SpanRule;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What a session that scores says beside its log-likelihoods.
 *
 * @param spans into what its text is split, for a record each; null for nothing
 * @param anomalyWindowBytes over how many of its last bytes it says how unusual they are; 0 for nothing
 * @param alertZ from which {@link Anomaly#z} on an {@link Alert} is told, where there is one; 0 for none. A session cannot change it
 * @param settledTokens whether it tells the tokens that have settled
 */
public record Observing(@Nullable SpanRule spans, int anomalyWindowBytes, double alertZ, boolean settledTokens)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /** Log-likelihoods alone. */
    public static final Observing NOTHING = new Observing(null, 0, 0, false);

    /** The shortest window. */
    public static final int LEAST_WINDOW_BYTES = 2;

    /** @throws IllegalArgumentException if the window has a length that it cannot have */
    public Observing {
        if (!(alertZ >= 0 && alertZ < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the z from which on alerts are told must be above 0, got " + alertZ);
        }
        boolean isLength =
                anomalyWindowBytes >= LEAST_WINDOW_BYTES && anomalyWindowBytes <= Surprisals.MOST_WINDOW_BYTES;
        if (anomalyWindowBytes != 0 && !isLength) {
            throw new IllegalArgumentException("the window whose surprisal is compared must have from "
                    + LEAST_WINDOW_BYTES + " to " + Surprisals.MOST_WINDOW_BYTES + " bytes, got " + anomalyWindowBytes);
        }
    }
}
