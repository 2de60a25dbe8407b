package io.bytelm.constraint.schema;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.DfaProduct;
import io.bytelm.constraint.schema.algebra.Node;
import io.bytelm.constraint.schema.algebra.ObjectShape;
import io.bytelm.constraint.schema.algebra.ObjectShape.KeyClass;
import io.bytelm.constraint.schema.algebra.ObjectShape.Witness;
import io.bytelm.constraint.schema.network.Fewest;
import io.bytelm.constraint.schema.network.KeyClassProgram;
import io.bytelm.constraint.schema.network.ObjectProgram;
import io.bytelm.constraint.schema.network.ObjectPrograms;
import io.bytelm.constraint.schema.network.WitnessProgram;
import io.bytelm.constraint.whitespace.Separators;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * An object's program before it is known which nodes have values; values are indices of nodes.
 *
 * @param texts of the names, as they stand between the quotes
 * @param conditions how many conditions keys without a name must meet
 * @param witnesses {@code [others][2^conditions]} the values of each class that meet a set of them, or {@link WitnessProgram#NONE}
 */
record ObjectDraft(
        Map<String, Integer> names,
        Map<String, byte[]> texts,
        Set<String> required,
        Map<String, Set<String>> dependent,
        List<KeyClassProgram> others,
        List<Integer> valuesOfOthers,
        int conditions,
        List<int[]> witnesses,
        int min,
        int max,
        Separators separators) {

    /** More keys than this may not be demanded: how they can be had is worked out anew at each key. */
    static final int MOST_REQUIRED_KEYS = 1_000;

    private static final int STEPS_PER_NAME = 16;
    private static final int NAME_BYTES = 160;

    static ObjectDraft of(ObjectShape shape, NetworkBuilder builder) {
        CompileBudget budget = builder.algebra().budget();
        if (shape.min() > MOST_REQUIRED_KEYS && shape.min() <= shape.max()) {
            throw new ConstraintException(
                    Reason.TOO_LARGE,
                    "objects of more than " + MOST_REQUIRED_KEYS + " keys are not enforced; ask for fewer");
        }
        budget.tick(STEPS_PER_NAME * shape.weight());
        Map<String, Integer> names = new LinkedHashMap<>();
        Map<String, byte[]> texts = new HashMap<>();
        shape.names().forEach(name -> {
            budget.tick(STEPS_PER_NAME + (long) name.length() * shape.others().size());
            budget.chargeMemory(NAME_BYTES + name.length());
            names.put(name, builder.index(shape.valueOf(name)));
            texts.put(name, builder.shared().key(name));
        });
        List<KeyClassProgram> others = new ArrayList<>();
        List<Integer> values = new ArrayList<>();
        shape.others().forEach(keyClass -> {
            others.add(builder.shared().keys(keyClass.keys()));
            values.add(builder.index(keyClass.value()));
        });
        Map<String, Set<String>> closed = new LinkedHashMap<>();
        shape.dependent().keySet().forEach(key -> closed.put(key, closure(Set.of(key), shape.dependent(), budget)));
        Set<String> required = closure(shape.required(), shape.dependent(), budget);
        int optional = shape.witnesses().isEmpty() ? 1 : 0;
        if (!closed.isEmpty() && shape.min() > required.size() + optional) {
            throw new ConstraintException(
                    Reason.UNSUPPORTED,
                    "minProperties of more than one key that is not required, together with keys that require others, is not enforced");
        }
        return new ObjectDraft(
                names,
                texts,
                required,
                closed,
                others,
                values,
                shape.witnesses().size(),
                witnesses(shape, builder),
                shape.min(),
                shape.max(),
                builder.options().separators());
    }

    private static List<int[]> witnesses(ObjectShape shape, NetworkBuilder builder) {
        List<int[]> values = new ArrayList<>();
        for (KeyClass keyClass : shape.others()) {
            values.add(IntStream.range(0, 1 << shape.witnesses().size())
                    .map(set -> set == 0 ? WitnessProgram.NONE : meeting(set, keyClass, shape, builder))
                    .toArray());
        }
        return values;
    }

    /** The values of a class that meet a set of conditions; each condition is for all keys of the class or for none. */
    private static int meeting(int set, KeyClass keyClass, ObjectShape shape, NetworkBuilder builder) {
        Node value = keyClass.value();
        for (int i = 0; i < shape.witnesses().size(); i++) {
            Witness witness = shape.witnesses().get(i);
            if ((set >>> i & 1) == 0) {
                continue;
            }
            ByteDfa among = DfaProduct.intersection(
                    keyClass.keys(), witness.keys(), builder.algebra().budget());
            if (among.isEmpty()) {
                return WitnessProgram.NONE;
            }
            value = builder.algebra().and(value, witness.value());
        }
        return value.isNothing() ? WitnessProgram.NONE : builder.index(value);
    }

    private static Set<String> closure(Set<String> keys, Map<String, Set<String>> dependent, CompileBudget budget) {
        Set<String> closure = new LinkedHashSet<>(keys);
        List<String> open = new ArrayList<>(keys);
        while (!open.isEmpty()) {
            for (String next : dependent.getOrDefault(open.remove(open.size() - 1), Set.of())) {
                budget.tick(STEPS_PER_NAME);
                if (closure.add(next)) {
                    budget.chargeMemory(NAME_BYTES);
                    open.add(next);
                }
            }
        }
        return closure;
    }

    /** About what {@link #fewestBytes} takes. */
    long weight() {
        return 2L + 2L * required.size();
    }

    int fewestBytes(int[] fewest, CompileBudget budget) {
        if (min > max || required.size() > max) {
            return Cursor.VERY_MANY_BYTES;
        }
        for (String name : required) {
            if (fewest[valueOf(name)] >= Cursor.VERY_MANY_BYTES) {
                return Cursor.VERY_MANY_BYTES;
            }
        }
        if (conditions == 0 && min <= required.size()) {
            return fewestOfRequired(fewest);
        }
        budget.tick(fewest.length);
        ObjectProgram program = program(provisional(fewest), fewest, false, budget);
        return program.availableKeys() < min ? Cursor.VERY_MANY_BYTES : program.fewestBytes();
    }

    /** Two braces, and a comma less than entries. */
    private int fewestOfRequired(int[] fewest) {
        int sum = required.isEmpty() ? 2 : 2 - separators.commaBytes();
        for (String name : required) {
            int entry = ObjectProgram.punctuationBytes(separators) + textOf(name).length;
            sum = Fewest.sum(sum, Fewest.sum(entry, fewest[valueOf(name)]));
        }
        return sum;
    }

    private byte[] textOf(String name) {
        return Objects.requireNonNull(texts.get(name));
    }

    private int valueOf(String name) {
        Integer value = names.get(name);
        if (value == null) {
            throw new IllegalStateException("every required key has a value: " + name);
        }
        return value;
    }

    private static int[] provisional(int[] fewest) {
        int[] numbers = new int[fewest.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = fewest[i] < Cursor.VERY_MANY_BYTES ? i : -1;
        }
        return numbers;
    }

    ObjectProgram program(int[] numbers, int[] fewest, boolean ordered, CompileBudget budget) {
        ObjectPrograms builder = new ObjectPrograms(min, max, ordered, separators);
        Set<String> forbidden = new HashSet<>();
        names.forEach((name, value) -> {
            if (numbers[value] < 0) {
                forbidden.add(name);
            }
        });
        dependent.forEach((key, keys) -> {
            if (keys.stream().anyMatch(forbidden::contains)) {
                forbidden.add(key);
            }
        });
        names.forEach((name, value) -> builder.addName(
                textOf(name),
                forbidden.contains(name) ? -1 : numbers[value],
                fewest[value],
                required.contains(name),
                dependent.getOrDefault(name, Set.of()).stream()
                        .map(this::textOf)
                        .toList()));
        builder.require(conditions);
        for (int i = 0; i < others.size(); i++) {
            int value = valuesOfOthers.get(i);
            if (numbers[value] >= 0) {
                KeyClassProgram keys = others.get(i).withValue(numbers[value]);
                int[] meeting = witnesses.get(i);
                builder.addOthers(
                        keys,
                        fewest[value],
                        Arrays.stream(meeting)
                                .map(node -> node < 0 ? WitnessProgram.NONE : numbers[node])
                                .toArray(),
                        Arrays.stream(meeting)
                                .map(node -> node < 0 ? Cursor.VERY_MANY_BYTES : fewest[node])
                                .toArray());
            }
        }
        return builder.build(budget);
    }
}
