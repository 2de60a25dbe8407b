package io.bytelm.constraint.whitespace;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.Fingerprint;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.Utf8;
import io.bytelm.constraint.regex.Regex;
import io.bytelm.constraint.regex.RegexOptions;
import org.jspecify.annotations.Nullable;

/**
 * The white space of JSON documents. Immutable.
 *
 * @param unlimited whether it may come between any two tokens, without limit
 * @param gaps what may come between two tokens otherwise; null for nothing
 */
public record Whitespace(boolean unlimited, @Nullable Gaps gaps) {
    /** Documents are compact. */
    public static final Whitespace NONE = new Whitespace(false, null);

    /** As RFC 8259 allows it: for documents that exist; a model may never come to their end. */
    public static final Whitespace UNLIMITED = new Whitespace(true, null);

    /** As programs print JSON: one space after colons and commas, or lines with an indentation up to the depth. */
    public static final Whitespace INDENTED = new Whitespace(false, new IndentedGaps());

    /** The most bytes that a gap can be allowed. */
    public static final int MOST_BYTES = 1_000;

    private static final ByteSet BYTES = ByteSet.of(' ', '\t', '\n', '\r');
    private static final String ANY = "[ \\t\\n\\r]*";

    /**
     * Gaps of at most so many bytes.
     *
     * @param pattern a regular expression that matches each gap in full; empty for any white space
     * @param max 0 to {@link #MOST_BYTES}
     * @throws ConstraintException if the pattern is refused, matches anything but white space, or does not match nothing
     */
    public static Whitespace of(String pattern, int max, CompileBudget budget) {
        ByteDfa texts =
                Regex.compile(pattern.isEmpty() ? ANY : pattern, RegexOptions.FULL_MATCH, Utf8.INSTANCE, budget);
        if (!texts.accepting(0)) {
            throw wrong("must also match the empty text, since two tokens may touch; write (...)? around it");
        }
        for (int state = 0; state < texts.stateCount(); state++) {
            if (!texts.live(state).minus(BYTES).isEmpty()) {
                throw wrong("matches more than spaces, tabs, line feeds and carriage returns, which JSON has not");
            }
        }
        if ((max + 1L) * texts.stateCount() > Integer.MAX_VALUE) {
            throw wrong("is too large for gaps of " + max + " bytes; allow fewer");
        }
        return new Whitespace(false, new PatternGaps(texts, max));
    }

    private static ConstraintException wrong(String what) {
        return new ConstraintException(Reason.UNSUPPORTED, "the pattern of \"whitespace\" " + what);
    }

    /** Whether no white space comes at all. */
    public boolean isNone() {
        return !unlimited && gaps == null;
    }

    /** Whether a byte is white space to JSON. */
    public static boolean contains(int b) {
        return BYTES.contains(b);
    }

    /** The four bytes that are white space to JSON. */
    public static ByteSet bytes() {
        return BYTES;
    }

    /** Adds what tells it from others; none and unlimited are 0 and 1. */
    public void addTo(Fingerprint fingerprint) {
        fingerprint.add(gaps != null ? 2 : unlimited ? 1 : 0);
        if (gaps != null) {
            gaps.addTo(fingerprint);
        }
    }
}
