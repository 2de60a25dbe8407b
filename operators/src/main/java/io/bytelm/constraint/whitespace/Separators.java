package io.bytelm.constraint.whitespace;

import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.Fingerprint;

/**
 * The blanks that always stand beside the commas and colons of JSON, as {@code separators} of Python's {@code json.dumps} writes
 * them. Immutable.
 */
public record Separators(String beforeColon, String afterColon, String afterComma) {
    /** No blanks. */
    public static final Separators COMPACT = new Separators("", "", "");

    /** The most characters of a separator. */
    public static final int MOST_CHARACTERS = 64;

    private static final String BLANKS = "[ \\t\\n\\r]*";

    /**
     * Separators as they are written.
     *
     * @param item between two items or members: a comma, then any blanks
     * @param key between a key and its value: a colon, and any blanks around it
     * @throws ConstraintException if one is anything else
     */
    public static Separators of(String item, String key) {
        if (item.length() > MOST_CHARACTERS || !item.matches("," + BLANKS)) {
            throw wrong("between items", "a comma, then blanks");
        }
        if (key.length() > MOST_CHARACTERS || !key.matches(BLANKS + ":" + BLANKS)) {
            throw wrong("after keys", "a colon, with blanks around it");
        }
        int colon = key.indexOf(':');
        return new Separators(key.substring(0, colon), key.substring(colon + 1), item.substring(1));
    }

    private static ConstraintException wrong(String which, String allowed) {
        return new ConstraintException(
                Reason.SYNTAX,
                "the separator " + which + " is wrong: allowed is " + allowed + ", of at most " + MOST_CHARACTERS
                        + " characters");
    }

    /** Bytes of what stands between two items or members. */
    public int commaBytes() {
        return 1 + afterComma.length();
    }

    /** Bytes of what stands between a key and its value. */
    public int colonBytes() {
        return beforeColon.length() + 1 + afterColon.length();
    }

    /** Adds what tells them from others; nothing where there are no blanks. */
    public void addTo(Fingerprint fingerprint) {
        if (!equals(COMPACT)) {
            fingerprint.add(beforeColon).add(afterColon).add(afterComma);
        }
    }
}
