package io.bytelm.constraint.schema;

import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.automaton.DfaProduct;
import io.bytelm.constraint.schema.algebra.Algebra;
import io.bytelm.constraint.schema.algebra.Node;
import io.bytelm.constraint.schema.algebra.ObjectShape;
import io.bytelm.constraint.schema.algebra.ObjectShape.KeyClass;
import io.bytelm.constraint.schema.algebra.ObjectShape.Witness;
import io.bytelm.constraint.schema.text.JsonStringEncoding;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Turns "some key exists with a value of this set" into alternatives, one for each name that the key can be. */
final class Witnesses {
    private static final int STEPS_PER_NAME = 16;

    private Witnesses() {}

    /** @throws ConstraintException if the key can be one without a name */
    static List<ObjectShape> resolve(ObjectShape shape, Algebra algebra) {
        List<ObjectShape> alternatives = List.of(shape.withoutWitnesses());
        for (Witness witness : shape.witnesses()) {
            List<ObjectShape> next = new ArrayList<>();
            for (ObjectShape alternative : alternatives) {
                addAlternatives(alternative, witness, algebra, next);
            }
            alternatives = next;
        }
        return alternatives;
    }

    private static void addAlternatives(
            ObjectShape shape, Witness witness, Algebra algebra, List<ObjectShape> alternatives) {
        for (String name : shape.named().keySet()) {
            algebra.budget().tick(STEPS_PER_NAME + name.length());
            Node value = algebra.and(shape.valueOf(name), witness.value());
            if (witness.keys().accepts(JsonStringEncoding.encode(name)) && !algebra.isSurelyNothing(value)) {
                algebra.budget().chargeState(256);
                algebra.budget().tick(shape.weight());
                algebra.budget().chargeMemory(ObjectShape.BYTES_PER_KEY * shape.weight());
                Set<String> required = new LinkedHashSet<>(shape.required());
                required.add(name);
                alternatives.add(shape.withValue(name, value).withRequired(required));
            }
        }
        for (KeyClass others : shape.others()) {
            boolean possible = !algebra.isSurelyNothing(algebra.and(others.value(), witness.value()));
            if (possible
                    && !DfaProduct.intersection(others.keys(), witness.keys(), algebra.budget())
                            .isEmpty()) {
                throw new ConstraintException(
                        Reason.UNSUPPORTED, "that an object has some key outside its properties is not enforced");
            }
        }
    }
}
