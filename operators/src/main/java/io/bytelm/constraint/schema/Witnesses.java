package io.bytelm.constraint.schema;

import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.DfaProduct;
import io.bytelm.constraint.schema.algebra.Algebra;
import io.bytelm.constraint.schema.algebra.Node;
import io.bytelm.constraint.schema.algebra.ObjectShape;
import io.bytelm.constraint.schema.algebra.ObjectShape.KeyClass;
import io.bytelm.constraint.schema.algebra.ObjectShape.Witness;
import io.bytelm.constraint.schema.text.JsonStringEncoding;
import io.bytelm.constraint.schema.text.Texts;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Turns "some key exists with a value of this set" into alternatives: one for each name that the key can be, and one in which it is
 * a key without a name. Of several such conditions one key can meet more than one.
 */
final class Witnesses {
    private static final int STEPS_PER_NAME = 16;
    private static final int MOST_UNNAMED = 6;

    private Witnesses() {}

    /**
     * The alternatives; the witnesses that one still has are keys without a name, and each class of its keys is among those that such a
     * witness can be, or none of them is.
     *
     * @throws ConstraintException if many witnesses can be keys without a name
     */
    static List<ObjectShape> resolve(ObjectShape shape, Algebra algebra) {
        List<ObjectShape> alternatives = List.of(shape.withWitnesses(List.of()));
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
        for (String name : shape.names()) {
            algebra.budget().tick(STEPS_PER_NAME + name.length());
            Node value = algebra.and(shape.valueOf(name), witness.value());
            if (witness.keys().accepts(JsonStringEncoding.encode(name)) && !algebra.isSurelyNothing(value)) {
                charge(shape, algebra);
                Set<String> required = new LinkedHashSet<>(shape.required());
                required.add(name);
                alternatives.add(shape.withValue(name, value).withRequired(required));
            }
        }
        List<KeyClass> split = new ArrayList<>();
        if (split(shape.others(), witness, algebra, split)) {
            charge(shape, algebra);
            alternatives.add(withUnnamed(shape, split, witness));
        }
    }

    private static void charge(ObjectShape shape, Algebra algebra) {
        algebra.budget().chargeState(256);
        algebra.budget().tick(shape.weight());
        algebra.budget().chargeMemory(ObjectShape.BYTES_PER_KEY * shape.weight());
    }

    /** Splits classes by whether the witness can be one of their keys; false if it can be none. */
    private static boolean split(List<KeyClass> classes, Witness witness, Algebra algebra, List<KeyClass> split) {
        boolean some = false;
        for (KeyClass keyClass : classes) {
            boolean possible = !algebra.isSurelyNothing(algebra.and(keyClass.value(), witness.value()));
            ByteDfa among = possible
                    ? DfaProduct.intersection(keyClass.keys(), witness.keys(), algebra.budget())
                    : Texts.NOTHING;
            if (among.isEmpty()) {
                split.add(keyClass);
                continue;
            }
            some = true;
            split.add(new KeyClass(among, keyClass.value()));
            ByteDfa rest = DfaProduct.difference(keyClass.keys(), witness.keys(), algebra.budget());
            if (!rest.isEmpty()) {
                split.add(new KeyClass(rest, keyClass.value()));
            }
        }
        return some;
    }

    private static ObjectShape withUnnamed(ObjectShape shape, List<KeyClass> split, Witness witness) {
        if (shape.witnesses().size() == MOST_UNNAMED) {
            throw new ConstraintException(
                    Reason.UNSUPPORTED,
                    "that keys outside the properties of an object meet more than " + MOST_UNNAMED
                            + " conditions is not enforced");
        }
        List<Witness> more = new ArrayList<>(shape.witnesses());
        more.add(witness);
        return shape.withOthers(split).withWitnesses(more);
    }
}
