package io.bytelm.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.schema.algebra.Algebra;
import io.bytelm.constraint.schema.algebra.Leaf;
import io.bytelm.constraint.schema.algebra.ValueSet;

/** What one schema object allows. Two of them are equal if the same object of the document is the first that says so. */
final class SchemaLeaf implements Leaf {
    private final SchemaReader reader;
    private final Location at;
    private final JsonNode first;

    /** @param first of the schema objects that say the same */
    SchemaLeaf(SchemaReader reader, Location at, JsonNode first) {
        this.reader = reader;
        this.at = at;
        this.first = first;
    }

    @Override
    public ValueSet evaluate(Algebra algebra) {
        try {
            return reader.evaluate(at);
        } catch (ConstraintException e) {
            throw e.place() != null ? e : at.refusal(e.reason(), "", String.valueOf(e.getMessage()));
        }
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the first one stands for those that equal it
    public boolean equals(Object other) {
        return other instanceof SchemaLeaf that && first == that.first;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(first);
    }

    @Override
    public boolean isWrittenOut() {
        return at.node().has("const") || at.node().has("enum");
    }

    @Override
    public String place() {
        return at.pointer();
    }

    @Override
    public String toString() {
        return at.pointer();
    }
}
