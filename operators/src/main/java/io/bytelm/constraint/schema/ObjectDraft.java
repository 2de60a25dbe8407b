package io.bytelm.constraint.schema;

import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.schema.algebra.ObjectShape;
import io.bytelm.constraint.schema.network.KeyClassProgram;
import io.bytelm.constraint.schema.network.ObjectProgram;
import io.bytelm.constraint.schema.network.ObjectPrograms;
import io.bytelm.constraint.schema.text.JsonStringEncoding;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An object's program before it is known which nodes have values; values are indices of nodes. */
record ObjectDraft(
        Map<String, Integer> names,
        Set<String> required,
        Map<String, Set<String>> dependent,
        List<KeyClassProgram> others,
        List<Integer> valuesOfOthers,
        int min,
        int max) {

    static ObjectDraft of(ObjectShape shape, NetworkBuilder builder) {
        Set<String> all = new LinkedHashSet<>(shape.named().keySet());
        all.addAll(shape.required());
        shape.dependent().forEach((key, keys) -> {
            all.add(key);
            all.addAll(keys);
        });
        Map<String, Integer> names = new LinkedHashMap<>();
        all.forEach(name -> names.put(name, builder.index(shape.valueOf(name))));
        List<KeyClassProgram> others = new ArrayList<>();
        List<Integer> values = new ArrayList<>();
        shape.others().forEach(keyClass -> {
            others.add(new KeyClassProgram(keyClass.keys(), 0));
            values.add(builder.index(keyClass.value()));
        });
        Map<String, Set<String>> closed = new LinkedHashMap<>();
        shape.dependent().keySet().forEach(key -> closed.put(key, closure(Set.of(key), shape.dependent())));
        Set<String> required = closure(shape.required(), shape.dependent());
        if (!closed.isEmpty() && shape.min() > required.size()) {
            throw new ConstraintException(
                    Reason.UNSUPPORTED, "minProperties together with keys that require others is not enforced");
        }
        return new ObjectDraft(names, required, closed, others, values, shape.min(), shape.max());
    }

    private static Set<String> closure(Set<String> keys, Map<String, Set<String>> dependent) {
        Set<String> closure = new LinkedHashSet<>(keys);
        List<String> open = new ArrayList<>(keys);
        while (!open.isEmpty()) {
            for (String next : dependent.getOrDefault(open.remove(open.size() - 1), Set.of())) {
                if (closure.add(next)) {
                    open.add(next);
                }
            }
        }
        return closure;
    }

    int fewestBytes(int[] fewest) {
        if (min > max || required.size() > max) {
            return Cursor.VERY_MANY_BYTES;
        }
        for (String name : required) {
            if (fewest[valueOf(name)] >= Cursor.VERY_MANY_BYTES) {
                return Cursor.VERY_MANY_BYTES;
            }
        }
        ObjectProgram program = program(provisional(fewest), fewest, false);
        return program.availableKeys() < min ? Cursor.VERY_MANY_BYTES : program.fewestBytes();
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

    ObjectProgram program(int[] numbers, int[] fewest, boolean ordered) {
        ObjectPrograms builder = new ObjectPrograms(min, max, ordered);
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
                JsonStringEncoding.encode(name),
                forbidden.contains(name) ? -1 : numbers[value],
                fewest[value],
                required.contains(name),
                dependent.getOrDefault(name, Set.of()).stream()
                        .map(JsonStringEncoding::encode)
                        .toList()));
        for (int i = 0; i < others.size(); i++) {
            int value = valuesOfOthers.get(i);
            if (numbers[value] >= 0) {
                builder.addOthers(others.get(i).withValue(numbers[value]), fewest[value]);
            }
        }
        return builder.build();
    }
}
