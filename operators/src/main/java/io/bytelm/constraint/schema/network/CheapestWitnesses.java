package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Cursor;
import java.util.Arrays;
import java.util.Objects;

/**
 * The cheapest entries by which an object meets the conditions that no key has met, and has as many keys as it must. The conditions are
 * shared out to keys without a name in each way; as the keys of a class differ in nothing but their length, the shortest ones are taken
 * whatever values they have, and what is still too few is filled up with the cheapest others. Used by one thread.
 */
final class CheapestWitnesses {
    static final int NO_LENGTH = Integer.MAX_VALUE;

    private final ObjectRun run;
    private final WitnessProgram witness;
    private final int[][] lengths;
    private final int[] taken;
    private final int entries;
    private final int room;
    private final boolean namesMayCome;
    private int least;

    private CheapestWitnesses(ObjectRun run, int unmet, int keyClass, int length) {
        this.run = run;
        this.witness = Objects.requireNonNull(run.program().witness());
        int oneMore = keyClass == LastKey.NO_CLASS ? 0 : 1;
        this.room = run.room() - oneMore;
        this.entries =
                Math.max(0, run.program().min() - run.count() - run.owed().missing() - oneMore);
        this.namesMayCome = oneMore == 0 || !run.program().ordered(); // else they come before
        int classes = run.program().others().size();
        this.taken = new int[classes];
        this.lengths = new int[classes][];
        int most = Integer.bitCount(unmet) + entries;
        for (int c = 0; c < classes; c++) {
            int[] shortest = shortestKeys(c, c == keyClass ? most + 1 : most);
            lengths[c] = c == keyClass ? without(length, shortest) : shortest;
        }
    }

    /** The bytes of these entries, commas included; very many if there are none. */
    static int bytes(ObjectRun run, int unmet) {
        return bytesAfter(run, unmet, LastKey.NO_CLASS, NO_LENGTH);
    }

    /** The same after one more key of a class; of any length where only that there are such entries matters. */
    static int bytesAfter(ObjectRun run, int unmet, int keyClass, int length) {
        CheapestWitnesses witnesses = new CheapestWitnesses(run, unmet, keyClass, length);
        witnesses.least = Cursor.VERY_MANY_BYTES;
        witnesses.share(unmet, 0, 0);
        return witnesses.least;
    }

    /** The least number of entries that meet them; very many if none do. */
    static int fewestEntries(ObjectRun run) {
        CheapestWitnesses witnesses = new CheapestWitnesses(run, run.owed().unmet(), LastKey.NO_CLASS, NO_LENGTH);
        witnesses.least = Cursor.VERY_MANY_BYTES;
        witnesses.count(run.owed().unmet(), 0);
        return witnesses.least;
    }

    private void share(int unmet, int cost, int keys) {
        if (cost >= least || keys > room) {
            return;
        }
        if (unmet == 0) {
            least = Math.min(least, Fewest.sum(cost, bytesOfOthers(entries - keys)));
            return;
        }
        int first = Integer.lowestOneBit(unmet);
        int rest = unmet ^ first;
        for (int more = rest; ; more = more - 1 & rest) {
            for (int c = 0; c < taken.length; c++) {
                if (taken[c] < lengths[c].length) {
                    int entry = witness.fewest(c, first | more, lengths[c][taken[c]++]);
                    share(rest ^ more, Fewest.sum(cost, entry), keys + 1);
                    taken[c]--;
                }
            }
            if (more == 0) {
                return;
            }
        }
    }

    private void count(int unmet, int keys) {
        if (keys >= least) {
            return;
        }
        if (unmet == 0) {
            least = keys;
            return;
        }
        int first = Integer.lowestOneBit(unmet);
        int rest = unmet ^ first;
        for (int more = rest; ; more = more - 1 & rest) {
            for (int c = 0; c < taken.length; c++) {
                if (taken[c] < lengths[c].length && witness.values()[c][first | more] != WitnessProgram.NONE) {
                    taken[c]++;
                    count(rest ^ more, keys + 1);
                    taken[c]--;
                }
            }
            if (more == 0) {
                return;
            }
        }
    }

    /** So many more keys that are not missing, with any values. */
    private int bytesOfOthers(int more) {
        if (more <= 0) {
            return 0;
        }
        int[] costs = namesMayCome ? entriesOfNames() : new int[0];
        for (int c = 0; c < taken.length; c++) {
            int entry = run.program().fewestOfOther()[c];
            int[] ofClass = Arrays.stream(lengths[c])
                    .skip(taken[c])
                    .map(length -> Fewest.sum(length, entry))
                    .toArray();
            costs = Arrays.copyOf(costs, costs.length + ofClass.length);
            System.arraycopy(ofClass, 0, costs, costs.length - ofClass.length, ofClass.length);
        }
        Arrays.sort(costs);
        int sum = costs.length < more ? Cursor.VERY_MANY_BYTES : 0;
        for (int i = 0; i < more && i < costs.length; i++) {
            sum = Fewest.sum(sum, costs[i]);
        }
        return sum;
    }

    private int[] entriesOfNames() {
        return CheapestKeys.optionalNames(run)
                .map(name -> run.program().fewestOfEntry()[name])
                .toArray();
    }

    /** The lengths of the shortest keys of a class that are no names and have not come; fewer where there are not so many. */
    private int[] shortestKeys(int keyClass, int wanted) {
        ObjectProgram program = run.program();
        KeyClassProgram keys = program.others().get(keyClass);
        long names = program.names().all();
        long used = run.used().all();
        long all = keys.completions(0);
        long left =
                all == KeyClassProgram.UNLIMITED ? wanted : all - program.excluded(keyClass, run.used(), names, used);
        int[] shortest = new int[(int) Math.min(wanted, left)];
        int found = 0;
        for (int length = keys.keys.fewestBytesToAccept(0); found < shortest.length; length++) {
            long notYet = program.excludedOfLength(keyClass, run.used(), names, used, length);
            for (long more = keys.countOfLength(0, length) - notYet; more > 0 && found < shortest.length; more--) {
                shortest[found++] = length;
            }
        }
        return shortest;
    }

    /** Without one of this length, or the last where all are shorter. */
    private static int[] without(int length, int[] shortest) {
        int at = 0;
        while (at < shortest.length - 1 && shortest[at] != length) {
            at++;
        }
        int[] others = Arrays.copyOf(shortest, Math.max(0, shortest.length - 1));
        for (int i = at; i < others.length; i++) {
            others[i] = shortest[i + 1];
        }
        return others;
    }
}
