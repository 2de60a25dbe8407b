package io.bytelm.constraint.schema.algebra;

import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.schema.algebra.ObjectShape.KeyClass;
import io.bytelm.constraint.schema.algebra.ObjectShape.Witness;
import io.bytelm.constraint.schema.text.Texts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The objects that are not of a shape. What one condition refuses is taken from those alone that meet the conditions before it, first
 * of all those on keys that list their values: so the complements of shapes that such a key tells apart have little in common, and
 * few of their combinations are not empty. Used once.
 */
final class ObjectComplement {
    private final ObjectShape shape;
    private final Algebra algebra;
    private final List<ObjectShape> shapes = new ArrayList<>();
    private final Set<String> told = new HashSet<>();
    /** The objects that meet all conditions so far. */
    private ObjectShape others;

    ObjectComplement(ObjectShape shape, Algebra algebra) {
        this.shape = shape;
        this.algebra = algebra;
        this.others = ObjectShape.any(algebra);
    }

    List<ObjectShape> shapes() {
        for (Map.Entry<String, Node> entry : shape.named().entrySet()) {
            if (entry.getValue().isWrittenOut()) {
                addWithout(entry.getKey());
                addWithOther(entry.getKey(), entry.getValue());
                told.add(entry.getKey());
            }
        }
        shape.required().stream().filter(name -> !told.contains(name)).forEach(this::addWithout);
        addOtherCounts();
        shape.named().forEach((name, value) -> {
            if (!told.contains(name)) {
                addWithOther(name, value);
            }
        });
        addWitnesses();
        shape.dependent()
                .forEach((key, names) -> names.forEach(name ->
                        shapes.add(others.withValue(name, algebra.nothing()).with(key))));
        for (Witness witness : shape.witnesses()) {
            shapes.add(others.and(without(witness), algebra));
        }
        return shapes;
    }

    /** Those without a key that is required. */
    private void addWithout(String name) {
        if (shape.required().contains(name)) {
            shapes.add(others.withValue(name, algebra.nothing()));
            others = others.with(name);
        }
    }

    /** Those with another value of a key. */
    private void addWithOther(String name, Node value) {
        if (!value.isAnything()) {
            shapes.add(others.withValue(name, algebra.not(value)).with(name));
            others = others.withValue(name, value);
        }
    }

    private void addOtherCounts() {
        if (shape.min() > 0) {
            shapes.add(others.withCount(0, shape.min() - 1));
        }
        if (shape.max() < StringShape.UNBOUNDED) {
            shapes.add(others.withCount(shape.max() + 1, StringShape.UNBOUNDED));
        }
    }

    /** Those with another value of some key without a name. */
    private void addWitnesses() {
        for (KeyClass keyClass : shape.others()) {
            if (!keyClass.value().isAnything()) {
                Witness witness = new Witness(unnamed(keyClass.keys()), algebra.not(keyClass.value()));
                shapes.add(others.withWitnesses(List.of(witness)));
            }
        }
    }

    private ByteDfa unnamed(ByteDfa keys) {
        return shape.named().isEmpty()
                ? keys
                : StringShape.and(
                        keys,
                        StringShape.complement(Texts.strings(shape.named().keySet(), algebra.budget()), algebra),
                        algebra);
    }

    /** The objects in which no key is the witness. */
    private ObjectShape without(Witness witness) {
        List<KeyClass> split = new ArrayList<>();
        split.add(new KeyClass(witness.keys(), algebra.not(witness.value())));
        ByteDfa rest = StringShape.complement(witness.keys(), algebra);
        if (!rest.isEmpty()) {
            split.add(new KeyClass(rest, algebra.anything()));
        }
        return ObjectShape.any(algebra).withOthers(split);
    }
}
