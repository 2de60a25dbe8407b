package io.bytelm.canonical;

import io.bytelm.lm.TokenContext;
import org.jspecify.annotations.Nullable;

/**
 * A context after which a token is open, or was.
 *
 * @param context the closed tokens
 * @param at how many bytes of the text they are
 * @param parent the context before its last token, while that has not been evaluated; else null
 * @param logWeight the log probability (nats) of the closed tokens; NaN while that is not known
 * @param masses what follows; null while it has not been evaluated
 */
record Opening(
        TokenContext context,
        long at,
        @Nullable TokenContext parent,
        double logWeight,
        @Nullable Masses masses) {
    static Opening waiting(TokenContext context, long at, TokenContext parent) {
        return new Opening(context, at, parent, Double.NaN, null);
    }

    boolean isWeighed() {
        return !Double.isNaN(logWeight);
    }

    boolean hasNoWeight() {
        return logWeight == Double.NEGATIVE_INFINITY;
    }

    Opening weighing(double newLogWeight) {
        return new Opening(context, at, null, newLogWeight, masses);
    }

    /** The same; that it has been evaluated stays known. */
    Opening forgettingMasses() {
        return masses == null ? this : with(Masses.FORGOTTEN);
    }

    Opening with(Masses newMasses) {
        return new Opening(context, at, parent, logWeight, newMasses);
    }
}
