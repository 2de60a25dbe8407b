package io.bytelm.constraint.source;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** The notations in which a constraint can be written. Savepoints keep their ordinals: new ones come last. */
public enum ConstraintKind {
    /** A JSON list of texts: the output is one of them. */
    CHOICES(Set.of()),
    /** A regular expression that all of the output matches. */
    REGEX(Set.of(ConstraintOption.ANY_BYTE, ConstraintOption.IGNORE_CASE, ConstraintOption.SEARCH)),
    /** Any JSON text; the source is empty. */
    JSON(Set.of(ConstraintOption.WHITESPACE)),
    /** A JSON Schema. */
    JSON_SCHEMA(ConstraintOption.OF_SCHEMAS),
    /** A context-free grammar in GBNF. */
    GBNF(ConstraintOption.OF_SCHEMAS),
    /** A constraint as a JSON object, made of others in the ways of {@link ComposedKind}. */
    COMPOSED(Set.of()),
    /** A context-free grammar in the notation of Lark. */
    LARK(ConstraintOption.OF_SCHEMAS);

    private final Set<ConstraintOption> options;

    ConstraintKind(Set<ConstraintOption> options) {
        this.options = options;
    }

    /** The name in records and on the command line, such as {@code json-schema}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The labels of those that are made of no others, in the order of {@link #leaf}. */
    public static List<String> labels() {
        return leaves().map(ConstraintKind::label).toList();
    }

    /** The kind of one of the {@link #labels}, by its place among them. */
    public static ConstraintKind leaf(int place) {
        return leaves().toList().get(place);
    }

    private static Stream<ConstraintKind> leaves() {
        return Arrays.stream(values()).filter(kind -> kind != COMPOSED);
    }

    /** Whether its source is text that is no JSON. */
    public boolean isText() {
        return this == REGEX || this == GBNF || this == LARK;
    }

    /** Whether an option means something for this kind. */
    public boolean takes(ConstraintOption option) {
        return options.contains(option);
    }
}
