package io.bytelm.constraint.source;

import io.bytelm.constraint.json.Escapes;
import io.bytelm.constraint.whitespace.Separators;
import org.jspecify.annotations.Nullable;

/**
 * How JSON is spelled where there is a choice beside white space.
 *
 * @param escapes which ones strings use; null for what the kind does by itself: any in {@link ConstraintKind#JSON}, else those that must be
 * @param separators at commas and colons
 */
public record JsonSpelling(@Nullable Escapes escapes, Separators separators) {
    /** What the kind does by itself, without blanks. */
    public static final JsonSpelling USUAL = new JsonSpelling(null, Separators.COMPACT);

    /** The escapes, or these if none are asked for. */
    Escapes escapesOr(Escapes usual) {
        return escapes == null ? usual : escapes;
    }
}
