package io.bytelm.constraint.schema;

import io.bytelm.constraint.automaton.DfaProduct;
import io.bytelm.constraint.schema.algebra.Algebra;
import io.bytelm.constraint.schema.algebra.Leaf;
import io.bytelm.constraint.schema.algebra.Node;
import io.bytelm.constraint.schema.algebra.ValueSet;
import io.bytelm.constraint.schema.text.Texts;
import java.util.List;

/**
 * The keys and items that no subschema spoke of have these values.
 *
 * @param value what {@code unevaluatedProperties} or {@code unevaluatedItems} says
 */
record Unevaluated(Evaluated evaluated, Node value, boolean ofObjects) implements Leaf {
    @Override
    public ValueSet evaluate(Algebra algebra) {
        ValueSet any = ValueSet.anything(algebra);
        return ofObjects
                ? any.withObjects(List.of(any.objects()
                        .get(0)
                        .withOthers(ObjectKeywords.split(
                                DfaProduct.difference(Texts.ANY_STRING, evaluated.keys(), algebra.budget()),
                                value,
                                algebra))))
                : any.withArrays(List.of(any.arrays().get(0).withRest(evaluated.items(), value, algebra)));
    }
}
