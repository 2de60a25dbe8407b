package io.bytelm.constraint.schema;

import io.bytelm.constraint.json.Escapes;
import io.bytelm.constraint.whitespace.Separators;
import io.bytelm.constraint.whitespace.Whitespace;

/**
 * What the documents look like.
 *
 * @param whitespace what may stand between tokens
 * @param schemaOrder whether named keys come in the schema's order and other keys after them; else in any order
 * @param existingDocuments whether documents come from elsewhere: a number may be written in any form, such as
 *     {@code 1.0} for an integer, and a format of which only a part can be enforced refuses the schema; else integers
 *     and enumerated numbers come in their shortest form, exponents have two digits at most, and the constraint keeps to
 *     the part of a format that it enforces
 * @param formats what {@code format} does
 * @param lenient whether a keyword that is not enforced is left out, and noted in the budget; else it refuses the schema
 * @param escapes which escapes strings use
 * @param separators what always stands at commas and colons
 */
public record SchemaOptions(
        Whitespace whitespace,
        boolean schemaOrder,
        boolean existingDocuments,
        Formats formats,
        boolean lenient,
        Escapes escapes,
        Separators separators) {
    /** What {@code format} does. Unknown formats are always annotations. */
    public enum Formats {
        /** Strings must have the format. */
        ASSERT,
        /** It is an annotation. */
        ANNOTATE,
        /** What the schema's {@code $schema} says: an assertion up to draft-07 or without one, else an annotation. */
        BY_DRAFT
    }

    /** For new documents: compact, any order of keys, integers without a fraction, formats asserted. */
    public static final SchemaOptions GENERATION =
            new SchemaOptions(Whitespace.NONE, false, false, Formats.ASSERT, false);

    /** For documents that exist. */
    public static final SchemaOptions VALIDATION =
            new SchemaOptions(Whitespace.UNLIMITED, false, true, Formats.BY_DRAFT, false);

    private SchemaOptions(
            Whitespace whitespace, boolean schemaOrder, boolean existingDocuments, Formats formats, boolean lenient) {
        this(whitespace, schemaOrder, existingDocuments, formats, lenient, Escapes.MINIMAL, Separators.COMPACT);
    }

    public SchemaOptions withFormats(Formats other) {
        return new SchemaOptions(whitespace, schemaOrder, existingDocuments, other, lenient, escapes, separators);
    }

    /** With white space wherever JSON allows it, without limit. */
    public SchemaOptions withWhitespace() {
        return withWhitespace(Whitespace.UNLIMITED);
    }

    public SchemaOptions withWhitespace(Whitespace other) {
        return new SchemaOptions(other, schemaOrder, existingDocuments, formats, lenient, escapes, separators);
    }

    public SchemaOptions withSchemaOrder() {
        return new SchemaOptions(whitespace, true, existingDocuments, formats, lenient, escapes, separators);
    }

    public SchemaOptions withLenience() {
        return new SchemaOptions(whitespace, schemaOrder, existingDocuments, formats, true, escapes, separators);
    }

    /** The same with strings and separators written so. */
    public SchemaOptions written(Escapes others, Separators between) {
        return new SchemaOptions(whitespace, schemaOrder, existingDocuments, formats, lenient, others, between);
    }
}
