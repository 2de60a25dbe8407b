package io.bytelm.constraint.grammar;

import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;

/**
 * What one byte, a whole text, and one position of a grammar may cost. How ambiguous a grammar is shows only in its texts (no algorithm
 * decides it), so it is counted while they are read. The ways to read n bytes of an unambiguous grammar are at most as many as
 * n, those of any grammar at most as many as its square, so only long texts of a very ambiguous one come so far. Used by one
 * thread.
 */
final class GrammarWork {
    /** Calls and ends of rules that one byte may bring about: some hundredths of a second. */
    static final int MOST_STEPS_PER_BYTE = 1 << 20;

    /** The same of all bytes of a text together: some seconds. */
    static final int MOST_STEPS_PER_TEXT = 1 << 25;

    /** Calls that a position may hold: some megabytes when it is saved. */
    static final int MOST_CALLS_HELD = 1 << 19;

    private final int before;
    private int steps;

    /** @param before steps that the text has taken up to this byte */
    GrammarWork(int before) {
        this.before = before;
    }

    /** The steps that the text has taken. */
    int stepsOfText() {
        return before + steps;
    }

    /** Those of this byte. */
    int stepsOfByte() {
        return steps;
    }

    void tick() {
        tick(1);
    }

    /** So many steps for this byte, before they are done. */
    void tick(int more) {
        steps += more;
        if (steps > MOST_STEPS_PER_BYTE) {
            throw tooAmbiguous(MOST_STEPS_PER_BYTE + " steps for one byte");
        }
        if (before + steps > MOST_STEPS_PER_TEXT) {
            throw tooAmbiguous(MOST_STEPS_PER_TEXT + " steps up to here");
        }
    }

    static ConstraintException tooAmbiguous(String cost) {
        return new ConstraintException(
                Reason.TOO_LARGE,
                "the grammar is too ambiguous to be followed any further: the ways to read this text take more than "
                        + cost + "; write it so that a text has few derivations");
    }
}
