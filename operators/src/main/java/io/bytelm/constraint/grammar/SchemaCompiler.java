package io.bytelm.constraint.grammar;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;

/** Compiles the JSON Schemas that a grammar refers to; {@code %json} in its text. */
public interface SchemaCompiler {
    /** Refuses them all. */
    SchemaCompiler NONE = (schema, budget) -> {
        throw new ConstraintException(Reason.UNSUPPORTED, "schemas in a grammar are not read here");
    };

    /**
     * Called on the thread that compiles the grammar.
     *
     * @param schema the schema's text, which begins and ends with a brace
     * @throws io.bytelm.constraint.ConstraintException if it is malformed, refused, over the budget, or nothing satisfies it
     */
    Constraint compile(String schema, CompileBudget budget);
}
