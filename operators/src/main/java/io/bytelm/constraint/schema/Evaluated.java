package io.bytelm.constraint.schema;

import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.DfaProduct;
import io.bytelm.constraint.schema.algebra.Algebra;
import io.bytelm.constraint.schema.algebra.Node;
import io.bytelm.constraint.schema.text.Texts;

/**
 * One way in which a value can satisfy a schema, and what the schema has looked at then.
 *
 * @param condition the values that satisfy it this way
 * @param keys the keys of an object that some subschema spoke of
 * @param items how many of the first items of an array some subschema spoke of
 */
record Evaluated(Node condition, ByteDfa keys, int items) {
    static final int ALL_ITEMS = Integer.MAX_VALUE;

    static Evaluated nothing(Node condition) {
        return new Evaluated(condition, Texts.NOTHING, 0);
    }

    Evaluated and(Evaluated that, Algebra algebra) {
        return new Evaluated(
                algebra.and(condition, that.condition), union(keys, that.keys, algebra), Math.max(items, that.items));
    }

    Evaluated withKeys(ByteDfa more, Algebra algebra) {
        return new Evaluated(condition, union(keys, more, algebra), items);
    }

    Evaluated withItems(int more) {
        return new Evaluated(condition, keys, Math.max(items, more));
    }

    private static ByteDfa union(ByteDfa a, ByteDfa b, Algebra algebra) {
        if (a == Texts.ANY_STRING || b == Texts.ANY_STRING) {
            return Texts.ANY_STRING;
        }
        return a.isEmpty() ? b : b.isEmpty() ? a : DfaProduct.union(a, b, algebra.budget());
    }
}
