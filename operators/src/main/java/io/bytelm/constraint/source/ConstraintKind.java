package io.bytelm.constraint.source;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The notations in which a constraint can be written. Savepoints keep their ordinals: new ones come last. */
public enum ConstraintKind {
    /** A JSON list of texts: the output is one of them. */
    CHOICES(Set.of()),
    /** A regular expression that all of the output matches. */
    REGEX(Set.of(ConstraintOption.ANY_BYTE, ConstraintOption.IGNORE_CASE)),
    /** Any JSON text; the source is empty. */
    JSON(Set.of(ConstraintOption.WHITESPACE)),
    /** A JSON Schema. */
    JSON_SCHEMA(Set.of(ConstraintOption.WHITESPACE, ConstraintOption.SCHEMA_ORDER)),
    /** A context-free grammar in GBNF. */
    GBNF(Set.of()),
    /** A constraint as a JSON object, made of others in the ways of {@link ComposedKind}. */
    COMPOSED(Set.of());

    private final Set<ConstraintOption> options;

    ConstraintKind(Set<ConstraintOption> options) {
        this.options = options;
    }

    /** The name in records and on the command line, such as {@code json-schema}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The labels of those that are made of no others, in order. */
    public static List<String> labels() {
        return Arrays.stream(values())
                .filter(kind -> kind != COMPOSED)
                .map(ConstraintKind::label)
                .toList();
    }

    /** Whether its source is text that is no JSON. */
    public boolean isText() {
        return this == REGEX || this == GBNF;
    }

    /** Whether an option means something for this kind. */
    public boolean takes(ConstraintOption option) {
        return options.contains(option);
    }
}
