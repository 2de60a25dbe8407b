package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Cursor;
import java.util.Map;
import java.util.TreeMap;

/** What it takes to reach the least number of keys of an object by its shortest keys and values. Used by one thread. */
final class CheapestKeys {
    private final ObjectRun run;
    private final ObjectProgram program;
    /** How many entries there are of each number of bytes, comma included: keys are counted and not listed. */
    private final TreeMap<Integer, Long> entriesOfCost = new TreeMap<>();

    private CheapestKeys(ObjectRun run) {
        this.run = run;
        this.program = run.program();
    }

    /**
     * The bytes of so many more entries that are not missing, commas included.
     *
     * @param skipped how many of the cheapest keys without a name are taken already
     */
    static int of(ObjectRun run, int entries, int skipped) {
        CheapestKeys keys = new CheapestKeys(run);
        for (int c = 0; c < run.program().others().size(); c++) {
            keys.addOthers(c);
        }
        keys.take(skipped);
        keys.addNames();
        return keys.take(entries);
    }

    private void add(int cost, long entries) {
        entriesOfCost.merge(cost, entries, KeyClassProgram::sum);
    }

    private void addNames() {
        for (int name = 0; name < program.names().size(); name++) {
            boolean later = !program.ordered() || program.order()[name] > run.lastPlace();
            if (later && !run.isMissing(name) && run.admits(name)) {
                add(program.fewestOfEntry()[name], 1);
            }
        }
    }

    private void addOthers(int keyClass) {
        long[] left = program.keysOfLength().get(keyClass).clone();
        for (int name = 0; name < program.names().size(); name++) {
            takeOut(program.names().get(name), keyClass, left);
        }
        for (int i = 0; i < run.used().size(); i++) {
            takeOut(run.used().get(i), keyClass, left);
        }
        for (int length = 0; length < left.length; length++) {
            if (left[length] > 0) {
                add(Fewest.sum(length, program.fewestOfOther()[keyClass]), left[length]);
            }
        }
    }

    private void takeOut(byte[] key, int keyClass, long[] left) {
        if (key.length < left.length && program.others().get(keyClass).keys.accepts(key)) {
            left[key.length]--;
        }
    }

    /** Takes the cheapest entries out; their bytes, very many if there are not so many. */
    private int take(int entries) {
        int sum = 0;
        int wanted = entries;
        while (wanted > 0) {
            Map.Entry<Integer, Long> cheapest = entriesOfCost.pollFirstEntry();
            if (cheapest == null) {
                return Cursor.VERY_MANY_BYTES;
            }
            int taken = (int) Math.min(wanted, cheapest.getValue());
            sum = (int) Math.min(Cursor.VERY_MANY_BYTES, sum + (long) taken * cheapest.getKey());
            wanted -= taken;
            if (cheapest.getValue() > taken) {
                entriesOfCost.put(cheapest.getKey(), cheapest.getValue() - taken);
            }
        }
        return sum;
    }
}
