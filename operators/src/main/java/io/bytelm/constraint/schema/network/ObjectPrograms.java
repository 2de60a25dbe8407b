package io.bytelm.constraint.schema.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts together one object's program. Used by one thread. */
public final class ObjectPrograms {
    private record Name(byte[] text, int value, int fewestOfValue, boolean required, List<byte[]> dependent) {}

    private final int min;
    private final int max;
    private final boolean ordered;
    private final List<Name> names = new ArrayList<>();
    private final List<KeyClassProgram> others = new ArrayList<>();
    private final List<Integer> fewestOfOthers = new ArrayList<>();

    public ObjectPrograms(int min, int max, boolean ordered) {
        this.min = min;
        this.max = max;
        this.ordered = ordered;
    }

    /**
     * Adds a key that the schema mentions; the order of the calls is the schema's.
     *
     * @param text as it stands between the quotes
     * @param value index of the values, -1 if the key may not come
     * @param dependent all keys that must come if this one does
     */
    public void addName(byte[] text, int value, int fewestOfValue, boolean required, List<byte[]> dependent) {
        names.add(new Name(text, value, fewestOfValue, required, dependent));
    }

    public void addOthers(KeyClassProgram keys, int fewestOfValue) {
        others.add(keys);
        fewestOfOthers.add(Fewest.sum(fewestOfValue, ObjectProgram.PUNCTUATION_BYTES));
    }

    public ObjectProgram build() {
        SortedKeys sorted = SortedKeys.of(names.stream().map(Name::text).toArray(byte[][]::new));
        int[] order = new int[names.size()];
        int[] valueOf = new int[names.size()];
        int[] fewest = new int[names.size()];
        long[] required = Bits.none(names.size());
        long[][] dependent = new long[names.size()][];
        for (int place = 0; place < order.length; place++) {
            Name name = names.get(place);
            int i = sorted.indexOf(name.text);
            order[i] = place;
            valueOf[i] = name.value;
            fewest[i] = Fewest.sum(name.fewestOfValue, ObjectProgram.PUNCTUATION_BYTES + name.text.length);
            required = name.required ? Bits.with(required, i) : required;
            dependent[i] = dependents(name, sorted);
        }
        return new ObjectProgram(
                sorted,
                order,
                valueOf,
                fewest,
                required,
                Arrays.asList(dependent),
                List.copyOf(others),
                fewestOfOthers.stream().mapToInt(f -> f).toArray(),
                min,
                max,
                ordered);
    }

    private static long @Nullable [] dependents(Name name, SortedKeys sorted) {
        long[] bits = Bits.none(sorted.size());
        for (byte[] other : name.dependent) {
            bits = Bits.with(bits, sorted.indexOf(other));
        }
        return name.dependent.isEmpty() ? null : bits;
    }
}
