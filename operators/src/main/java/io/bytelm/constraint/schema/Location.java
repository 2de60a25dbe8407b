package io.bytelm.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;

/**
 * A place in a schema document.
 *
 * @param pointer from the root of the document, for messages
 * @param base URI that references are relative to; empty if there is none
 */
record Location(JsonNode node, String pointer, String base) {
    Location child(String name, SchemaDocument document) {
        return child(node.path(name), name, document);
    }

    Location child(int index, SchemaDocument document) {
        return child(node.path(index), Integer.toString(index), document);
    }

    private Location child(JsonNode value, String name, SchemaDocument document) {
        String escaped = name.replace("~", "~0").replace("/", "~1");
        return new Location(value, pointer + "/" + escaped, document.baseOf(value, base));
    }

    ConstraintException unsupported(String keyword, String why) {
        return refusal(Reason.UNSUPPORTED, keyword, why);
    }

    ConstraintException malformed(String keyword, String why) {
        return refusal(Reason.SYNTAX, keyword, why);
    }

    ConstraintException refusal(Reason reason, String keyword, String why) {
        return new ConstraintException(reason, pointer + "/" + keyword + ": " + why);
    }
}
