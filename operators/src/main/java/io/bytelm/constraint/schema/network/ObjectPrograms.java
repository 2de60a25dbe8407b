package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.whitespace.Separators;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts together one object's program. Used by one thread. */
public final class ObjectPrograms {
    private record Name(byte[] text, int value, int fewestOfValue, boolean required, List<byte[]> dependent) {}

    private static final int STEPS_PER_NAME = 16;
    private static final int NAME_BYTES = 64;

    private final int min;
    private final int max;
    private final boolean ordered;
    private final int punctuation;
    private final int comma;
    private final List<Name> names = new ArrayList<>();
    private final List<KeyClassProgram> others = new ArrayList<>();
    private final List<Integer> fewestOfOthers = new ArrayList<>();
    private final List<int[]> witnesses = new ArrayList<>();
    private final List<int[]> fewestOfWitnesses = new ArrayList<>();
    private int conditions;

    public ObjectPrograms(int min, int max, boolean ordered, Separators separators) {
        this.punctuation = ObjectProgram.punctuationBytes(separators);
        this.comma = separators.commaBytes();
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
        fewestOfOthers.add(Fewest.sum(fewestOfValue, punctuation));
    }

    /**
     * Adds keys that may meet conditions by their values.
     *
     * @param witnesses {@code [2^conditions]} indices of their values that meet a set of conditions, {@link WitnessProgram#NONE} if none do
     * @param fewestOfWitnesses bytes of the shortest of these
     */
    public void addOthers(KeyClassProgram keys, int fewestOfValue, int[] witnesses, int[] fewestOfWitnesses) {
        addOthers(keys, fewestOfValue);
        this.witnesses.add(witnesses);
        this.fewestOfWitnesses.add(Arrays.stream(fewestOfWitnesses)
                .map(fewest -> Fewest.sum(fewest, punctuation))
                .toArray());
    }

    /** Keys that are no names must meet so many conditions; all of them are added with the values that do. */
    public void require(int number) {
        conditions = number;
    }

    private @Nullable WitnessProgram witness() {
        if (conditions == 0) {
            return null;
        }
        int[] always = new int[others.size()];
        for (int c = 0; c < always.length; c++) {
            for (int condition = 0; condition < conditions; condition++) {
                always[c] |= others.get(c).value == witnesses.get(c)[1 << condition] ? 1 << condition : 0;
            }
        }
        return new WitnessProgram(
                conditions, witnesses.toArray(int[][]::new), fewestOfWitnesses.toArray(int[][]::new), always);
    }

    public ObjectProgram build(CompileBudget budget) {
        chargeNames(budget);
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
            fewest[i] = Fewest.sum(name.fewestOfValue, punctuation + name.text.length);
            if (name.required) {
                required[i >> 6] |= 1L << i;
            }
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
                others.stream().map(keys -> keysOfLength(keys, budget)).toList(),
                min,
                max,
                ordered,
                mostOfEntry(valueOf, fewest),
                !ordered && names.stream().allMatch(name -> name.dependent.isEmpty()),
                comma,
                witness());
    }

    private static int mostOfEntry(int[] valueOf, int[] fewest) {
        int most = 0;
        for (int i = 0; i < fewest.length; i++) {
            most = valueOf[i] == ObjectProgram.FORBIDDEN ? most : Math.max(most, fewest[i]);
        }
        return most;
    }

    /** None where the names suffice: then no key is ever counted. */
    private long[] keysOfLength(KeyClassProgram keys, CompileBudget budget) {
        return min == 0 ? new long[0] : keys.countByLength(2L * min + names.size() + 2, budget);
    }

    private void chargeNames(CompileBudget budget) {
        for (Name name : names) {
            long words = name.dependent.isEmpty() ? 0 : 1 + names.size() / Long.SIZE;
            budget.tick(STEPS_PER_NAME
                    + name.text.length * (1L + others.size())
                    + words
                    + STEPS_PER_NAME * (long) name.dependent.size());
            budget.chargeMemory(NAME_BYTES + name.text.length + Long.BYTES * words);
        }
    }

    private static long @Nullable [] dependents(Name name, SortedKeys sorted) {
        long[] bits = Bits.none(sorted.size());
        for (byte[] other : name.dependent) {
            int i = sorted.indexOf(other);
            bits[i >> 6] |= 1L << i;
        }
        return name.dependent.isEmpty() ? null : bits;
    }
}
