package io.bytelm.job.check;

import io.bytelm.job.UserException;
import java.util.function.Supplier;

/**
 * What was found of one thing.
 *
 * @param what the thing, a few words
 * @param text what was found; of a finding one sentence with the option that mends it
 */
public record CheckLine(Verdict verdict, String what, String text) {
    /** What follows from a line. */
    public enum Verdict {
        OK,
        /** It cannot be seen from here. */
        UNSEEN,
        /** A finding: the job starts, but is likely to have trouble. */
        WARNING,
        /** A finding: the job could not work, so it is not started. */
        REFUSED
    }

    public static CheckLine ok(String what, String text) {
        return new CheckLine(Verdict.OK, what, text);
    }

    public static CheckLine unseen(String what, String text) {
        return new CheckLine(Verdict.UNSEEN, what, text);
    }

    public static CheckLine warning(String what, String text) {
        return new CheckLine(Verdict.WARNING, what, text);
    }

    public static CheckLine refused(String what, String text) {
        return new CheckLine(Verdict.REFUSED, what, text);
    }

    /** What a check that throws has to say: its answer, or its complaint. */
    public static CheckLine of(String what, Supplier<String> check) {
        try {
            return ok(what, check.get());
        } catch (UserException e) {
            return refused(what, String.valueOf(e.getMessage()));
        }
    }

    public boolean isFinding() {
        return verdict == Verdict.WARNING || verdict == Verdict.REFUSED;
    }
}
