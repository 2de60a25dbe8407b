package io.bytelm.constraint.source;

import java.util.Locale;

/** What can be said about a constraint beside its text. Savepoints keep their ordinals: new ones come last. */
public enum ConstraintOption {
    /** JSON may have any white space between its tokens, without limit: sessions that asked for it before there were rules. */
    WHITESPACE,
    /** The keys that a schema names come in its order; else in any order. */
    SCHEMA_ORDER,
    /** A regular expression reads bytes of any value; else strict UTF-8. */
    ANY_BYTE,
    /** A regular expression does not tell upper case from lower case. */
    IGNORE_CASE;

    /** The name in records, such as {@code schema_order}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
