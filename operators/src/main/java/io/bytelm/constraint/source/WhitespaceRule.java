package io.bytelm.constraint.source;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.whitespace.Whitespace;

/**
 * Which white space JSON may have between its tokens, as a user writes it; none of it runs away.
 *
 * @param pattern a regular expression that matches each gap in full; empty for any white space
 * @param max the most bytes of a gap; -1 for {@link #INDENTED}, where there is no pattern
 */
public record WhitespaceRule(String pattern, int max) {
    /** The most bytes of a gap where a pattern comes without a number. */
    public static final int DEFAULT_MAX = 64;

    private static final int AS_PROGRAMS_PRINT = -1;

    /** One space after colons and commas, or lines with an indentation up to the depth. */
    public static final WhitespaceRule INDENTED = new WhitespaceRule("", AS_PROGRAMS_PRINT);

    /** @throws ConstraintException if the number is out of range */
    public WhitespaceRule {
        boolean indented = max == AS_PROGRAMS_PRINT && pattern.isEmpty();
        if (!indented && (max < 0 || max > Whitespace.MOST_BYTES)) {
            throw new ConstraintException(
                    Reason.UNSUPPORTED,
                    "the \"max\" of \"whitespace\" is a whole number of 0 to " + Whitespace.MOST_BYTES + ", not "
                            + max);
        }
    }

    Whitespace compile(CompileBudget budget) {
        return max == AS_PROGRAMS_PRINT ? Whitespace.INDENTED : Whitespace.of(pattern, max, budget);
    }
}
