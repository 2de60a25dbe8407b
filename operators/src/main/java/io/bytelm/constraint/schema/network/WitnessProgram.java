package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.Fingerprint;
import java.util.Arrays;

/**
 * Some key without a name must come with a value of a set, for a register that tells whether it has. Such a value is read side by
 * side with the values that the key may have otherwise. Immutable.
 *
 * @param values {@code [others]} index of the values of a class that count; {@link #NONE} where none do
 * @param fewest {@code [others]} the shortest comma, quotes, colon and value of these
 * @param every {@code [others]} whether all values of the class count
 */
public record WitnessProgram(int[] values, int[] fewest, boolean[] every) {
    /** No value of the class counts. */
    public static final int NONE = -1;

    boolean mayBe(int keyClass) {
        return values[keyClass] != NONE;
    }

    /** The shortest entry with a key of so many bytes that counts; very many if none does. */
    int fewest(int keyClass, int length) {
        return mayBe(keyClass) ? Fewest.sum(fewest[keyClass], length) : Cursor.VERY_MANY_BYTES;
    }

    /** The entries that count and have not come, by the cheapest two. */
    CheapestKeys.AfterOne cheapest(ObjectRun run) {
        int first = Cursor.VERY_MANY_BYTES;
        int second = Cursor.VERY_MANY_BYTES;
        for (int c = 0; c < values.length; c++) {
            int[] lengths = mayBe(c) ? shortestKeys(run, c) : new int[0];
            for (int length : lengths) {
                int entry = Fewest.sum(fewest[c], length);
                second = Math.min(second, Math.max(first, entry));
                first = Math.min(first, entry);
            }
        }
        return new CheapestKeys.AfterOne(first, first, first, second);
    }

    /** The lengths of the two shortest keys of a class that are no names and have not come; fewer where there are not two. */
    private static int[] shortestKeys(ObjectRun run, int keyClass) {
        ObjectProgram program = run.program();
        KeyClassProgram keys = program.others().get(keyClass);
        long all = keys.completions(0);
        long left = all == KeyClassProgram.UNLIMITED
                ? 2
                : all
                        - program.excluded(
                                keyClass,
                                run.used(),
                                program.names().all(),
                                run.used().all());
        int[] lengths = new int[(int) Math.min(2, left)];
        int found = 0;
        for (int length = keys.keys.fewestBytesToAccept(0); found < lengths.length; length++) {
            long taken = program.excludedOfLength(
                    keyClass, run.used(), program.names().all(), run.used().all(), length);
            for (long more = keys.countOfLength(0, length) - taken; more > 0 && found < lengths.length; more--) {
                lengths[found++] = length;
            }
        }
        return lengths;
    }

    void addTo(Fingerprint fingerprint) {
        fingerprint.add(-1);
        Arrays.stream(values).forEach(fingerprint::add);
    }
}
