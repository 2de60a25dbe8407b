package io.bytelm.constraint.schema.algebra;

import io.bytelm.constraint.automaton.ByteDfa;
import java.util.HashMap;
import java.util.Map;

/**
 * Keys that every object of a set must have, with one text alone as the value: two sets with different texts of a key have
 * nothing in common, which is seen without combining them.
 *
 * @param texts what stands between the quotes, by key
 */
public record Discriminators(Map<String, ByteDfa> texts) {
    static final Discriminators NONE = new Discriminators(Map.of());

    /** @param set all of whose values may be objects of one shape, or not */
    static Discriminators of(ValueSet set, Emptiness emptiness) {
        boolean otherTypes = set.literals() != 0
                || !set.numbers().isEmpty()
                || !set.strings().isEmpty()
                || !set.arrays().isEmpty();
        if (otherTypes || set.objects().size() != 1) {
            return NONE;
        }
        ObjectShape shape = set.objects().get(0);
        Map<String, ByteDfa> texts = new HashMap<>();
        for (String name : shape.required()) {
            Node value = shape.valueOf(name);
            ValueSet values = value.isWrittenOut() ? emptiness.valuesIfKnown(value) : null;
            if (values != null && isOneText(values)) {
                texts.put(name, values.strings().get(0).texts());
            }
        }
        return new Discriminators(texts);
    }

    private static boolean isOneText(ValueSet values) {
        return values.literals() == 0
                && values.numbers().isEmpty()
                && values.arrays().isEmpty()
                && values.objects().isEmpty()
                && values.strings().size() == 1
                && values.strings().get(0).checks().isEmpty()
                && isSingle(values.strings().get(0).texts());
    }

    /** Whether exactly one byte string is accepted. */
    private static boolean isSingle(ByteDfa dfa) {
        int state = 0;
        while (!dfa.accepting(state) && dfa.live(state).size() == 1) {
            state = dfa.next(state, dfa.live(state).nextMember(0));
        }
        return dfa.accepting(state) && dfa.live(state).isEmpty();
    }

    /** True only if the two sets that these belong to have no value in common. */
    public boolean tellApartFrom(Discriminators that) {
        for (Map.Entry<String, ByteDfa> entry : texts.entrySet()) {
            ByteDfa other = that.texts.get(entry.getKey());
            if (other != null && !other.equals(entry.getValue())) {
                return true;
            }
        }
        return false;
    }
}
