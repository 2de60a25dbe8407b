package io.bytelm.session;

import io.bytelm.service.Expansion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the service with a value that is no log mass (NaN or {@code +Infinity}); it counts as a failed attempt, so
 * that such a value never gets into a session's state.
 */
public final class InvalidExpansionException extends Exception {
    private static final long serialVersionUID = 1;

    private InvalidExpansionException(int answer, int depth) {
        super("the service's answer to request " + answer + " holds a value at depth " + depth
                + " that is no log mass");
    }

    /** The first fault in these answers; null if there is none. */
    public static @Nullable InvalidExpansionException find(List<Expansion> answers) {
        for (int i = 0; i < answers.size(); i++) {
            Expansion answer = answers.get(i);
            if (!isLogMass(answer.eosLogMass())) {
                return new InvalidExpansionException(i, 0);
            }
            for (int depth = 0; depth <= answer.depth(); depth++) {
                if (!isValid(answer, depth)) {
                    return new InvalidExpansionException(i, depth);
                }
            }
        }
        return null;
    }

    private static boolean isValid(Expansion answer, int depth) {
        return isLogMass(answer.logMass()[depth])
                && areLogMasses(answer.endLogMass()[depth])
                && areLogMasses(answer.rows()[depth]);
    }

    private static boolean areLogMasses(double @Nullable [] values) {
        if (values != null) {
            for (double value : values) {
                if (!isLogMass(value)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isLogMass(double value) {
        return value < Double.POSITIVE_INFINITY; // false for NaN
    }
}
