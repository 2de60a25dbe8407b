package io.bytelm.constraint.schema;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a schema without the keywords that are not enforced: each that refuses it is left out and noted in the budget, and what
 * is left is compiled anew. Other refusals stay what they are.
 */
final class LenientSchema {
    private static final int MOST_IGNORED = 100;

    /** Under these stand schemas by names, so that a member is a schema and no keyword. */
    private static final Set<String> SCHEMAS_BY_NAME =
            Set.of("properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies");

    private final JsonNode schema;
    private final CompileBudget budget;

    private LenientSchema(JsonNode schema, CompileBudget budget) {
        this.schema = schema;
        this.budget = budget;
    }

    /**
     * @param compiler of a schema
     * @throws ConstraintException if it is refused for another reason, or for a place that cannot be left out
     */
    static SchemaConstraint compile(
            JsonNode schema, Function<JsonNode, SchemaConstraint> compiler, CompileBudget budget) {
        LenientSchema lenient = new LenientSchema(schema.deepCopy(), budget);
        for (int ignored = 0; ; ignored++) {
            try {
                return compiler.apply(lenient.schema);
            } catch (ConstraintException e) {
                if (e.reason() != Reason.UNSUPPORTED || ignored == MOST_IGNORED || !lenient.leavesOut(e)) {
                    throw e;
                }
            }
        }
    }

    /** Leaves out what a refusal names; false if that is not in the document, or all of it. */
    private boolean leavesOut(ConstraintException refusal) {
        JsonPointer place = placeOf(refusal);
        if (place == null) {
            return false;
        }
        JsonNode around = schema.at(place.head());
        String name = place.last().getMatchingProperty();
        if (around instanceof ArrayNode list) {
            list.set(place.last().getMatchingIndex(), BooleanNode.TRUE);
        } else if (isByName(place.head())) {
            ((ObjectNode) around).set(name, BooleanNode.TRUE);
        } else {
            ((ObjectNode) around).remove(name);
        }
        budget.ignore(String.valueOf(refusal.getMessage()));
        return true;
    }

    private boolean isByName(JsonPointer around) {
        return around.last() != null
                && SCHEMAS_BY_NAME.contains(around.last().getMatchingProperty())
                && !(around.head().last() != null
                        && SCHEMAS_BY_NAME.contains(around.head().last().getMatchingProperty()));
    }

    /** The place of a refusal, unless it is the whole document or not in it. */
    private @Nullable JsonPointer placeOf(ConstraintException refusal) {
        String place = refusal.place();
        if (place == null || !place.startsWith("#/")) {
            return null;
        }
        JsonPointer pointer = JsonPointer.compile(place.substring(1));
        return schema.at(pointer).isMissingNode() ? null : pointer;
    }
}
