package io.bytelm.constraint.schema;

import io.bytelm.constraint.Fingerprint;
import io.bytelm.constraint.schema.algebra.Algebra;
import io.bytelm.constraint.schema.algebra.Leaf;
import io.bytelm.constraint.schema.algebra.ObjectShape;
import io.bytelm.constraint.schema.algebra.ValueSet;
import java.util.List;
import java.util.Set;

/** Objects that have a key, or all values but those. */
record KeyPresence(String key, boolean present) implements Leaf {
    @Override
    public int hashCode() {
        return Long.hashCode(new Fingerprint().add(key).add(present ? 1 : 0).value());
    }

    @Override
    public ValueSet evaluate(Algebra algebra) {
        ValueSet all = ValueSet.anything(algebra);
        ObjectShape any = all.objects().get(0);
        return present
                ? ValueSet.NOTHING.withObjects(List.of(any.withRequired(Set.of(key))))
                : all.withObjects(List.of(any.withValue(key, algebra.nothing())));
    }
}
