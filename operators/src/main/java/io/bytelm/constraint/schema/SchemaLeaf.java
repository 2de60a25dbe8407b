package io.bytelm.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.schema.algebra.Algebra;
import io.bytelm.constraint.schema.algebra.Leaf;
import io.bytelm.constraint.schema.algebra.ValueSet;

/** What one schema object allows. Two of them are equal if they are the same object of the document. */
final class SchemaLeaf implements Leaf {
    private final SchemaReader reader;
    private final Location at;

    SchemaLeaf(SchemaReader reader, Location at) {
        this.reader = reader;
        this.at = at;
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
    @SuppressWarnings("ReferenceEquality") // equal subschemas at two places are two
    public boolean equals(Object other) {
        JsonNode node = at.node();
        return other instanceof SchemaLeaf that && node == that.at.node();
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(at.node());
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
