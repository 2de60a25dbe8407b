package io.bytelm.constraint.schema;

import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;

/** The version of JSON Schema that a schema is written in. */
enum Draft {
    DRAFT_4,
    DRAFT_6,
    DRAFT_7,
    DRAFT_2019,
    DRAFT_2020,
    /** No {@code $schema}: as 2020-12, and older forms where they can only mean one thing. */
    UNSTATED;

    /** @throws ConstraintException if it is none of those above */
    static Draft named(String uri) {
        String name = uri.replaceFirst("^https?://", "").replaceFirst("#$", "");
        return switch (name) {
            case "json-schema.org/draft-04/schema" -> DRAFT_4;
            case "json-schema.org/draft-06/schema" -> DRAFT_6;
            case "json-schema.org/draft-07/schema" -> DRAFT_7;
            case "json-schema.org/draft/2019-09/schema" -> DRAFT_2019;
            case "json-schema.org/draft/2020-12/schema" -> DRAFT_2020;
            case "json-schema.org/schema" -> UNSTATED;
            default ->
                throw ConstraintException.at(
                        Reason.UNSUPPORTED,
                        "#/$schema",
                        uri + " is not a known version; use https://json-schema.org/draft/2020-12/schema");
        };
    }

    boolean isAtMost(Draft that) {
        return this != UNSTATED && compareTo(that) <= 0;
    }

    /** Whether everything beside {@code $ref} is ignored. */
    boolean refStandsAlone() {
        return isAtMost(DRAFT_7);
    }

    /** Whether {@code format} says by default what is valid. */
    boolean assertsFormat() {
        return this == UNSTATED || isAtMost(DRAFT_7);
    }

    /** Whether host names are checked for what their labels mean in Unicode (RFC 5891), not only for their form. */
    boolean checksPunycode() {
        return !isAtMost(DRAFT_6);
    }

    /** Whether a keyword means something; unknown ones are annotations. */
    boolean defines(String keyword) {
        return switch (keyword) {
            case "const", "contains", "propertyNames" -> !isAtMost(DRAFT_4);
            case "if", "then", "else" -> !isAtMost(DRAFT_6);
            case "dependentRequired",
                    "dependentSchemas",
                    "minContains",
                    "maxContains",
                    "unevaluatedItems",
                    "unevaluatedProperties" -> !isAtMost(DRAFT_7);
            case "prefixItems", "$dynamicRef" -> !isAtMost(DRAFT_2019);
            case "$recursiveRef" -> this == DRAFT_2019;
            case "additionalItems" -> this != DRAFT_2020;
            default -> true;
        };
    }
}
