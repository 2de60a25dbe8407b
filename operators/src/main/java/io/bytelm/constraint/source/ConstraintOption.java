package io.bytelm.constraint.source;

import java.util.Locale;
import java.util.Set;

/** What can be said about a constraint beside its text. Savepoints keep their ordinals: new ones come last. */
public enum ConstraintOption {
    /** JSON may have any white space between its tokens, without limit: sessions that asked for it before there were rules. */
    WHITESPACE,
    /** The keys that a schema names come in its order; else in any order. */
    SCHEMA_ORDER,
    /** A regular expression reads bytes of any value; else strict UTF-8. */
    ANY_BYTE,
    /** A regular expression does not tell upper case from lower case. */
    IGNORE_CASE,
    /** It is enough that the regular expression occurs somewhere in the text, as in a schema's {@code pattern}. */
    SEARCH,
    /** A schema's {@code format} says nothing about texts; else they must have it. */
    ANNOTATE_FORMATS,
    /** A schema's keyword that is not enforced is left out, and told; else it refuses the schema. */
    LENIENT;

    /** Those that say something about schemas, by themselves or within a grammar. */
    static final Set<ConstraintOption> OF_SCHEMAS = Set.of(WHITESPACE, SCHEMA_ORDER, ANNOTATE_FORMATS, LENIENT);

    /** The name in records, such as {@code schema_order}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
