package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Cursor;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;

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

    /** The bytes of so many more entries that are not missing, commas included; very many if there are not so many. */
    static int of(ObjectRun run, int entries) {
        CheapestKeys keys = new CheapestKeys(run);
        keys.addAllOthers();
        keys.addNames();
        return keys.take(entries);
    }

    /** The bytes of so many entries after one more key that is not a name. */
    static AfterOne afterOther(ObjectRun run, int entries) {
        if (entries <= 0) {
            return AfterOne.NOTHING;
        }
        CheapestKeys keys = new CheapestKeys(run);
        keys.addAllOthers();
        if (!run.program().ordered()) { // there names come first
            keys.addNames();
        }
        int first = keys.cheapest();
        int allButLast = keys.take(entries - 1);
        int last = keys.take(1);
        return new AfterOne(Fewest.sum(allButLast, last), first, last, keys.take(1));
    }

    /**
     * What the cheapest entries take where one of those that may come has been taken out.
     *
     * @param sum of the cheapest entries with none taken out
     * @param first the cheapest of them
     * @param last the dearest of them
     * @param next the one after that, which comes in where one of them is taken out
     */
    record AfterOne(int sum, int first, int last, int next) {
        static final AfterOne NOTHING = new AfterOne(0, 0, -1, 0);

        /** @param taken the bytes of the one that is taken out */
        int bytes(int taken) {
            return isTheSameFrom(taken) ? sum : without(taken);
        }

        int most() {
            return last < 0 ? sum : without(first);
        }

        /** Whether all that take so many bytes or more are not among the cheapest. */
        boolean isTheSameFrom(int bytes) {
            return bytes > last;
        }

        private int without(int taken) {
            boolean enough = sum < Cursor.VERY_MANY_BYTES;
            return enough ? Fewest.sum(sum - taken, next) : Cursor.VERY_MANY_BYTES;
        }
    }

    private void add(int cost, long entries) {
        entriesOfCost.merge(cost, entries, KeyClassProgram::sum);
    }

    private void addNames() {
        optionalNames(run).forEach(name -> {
            int cost = program.dependent().get(name) == null ? program.fewestOfEntry()[name] : costWithDependents(name);
            if (cost < Cursor.VERY_MANY_BYTES) {
                add(cost, 1);
            }
        });
    }

    /** Of a name with all that it brings; only one more entry is then asked for. Very many if they cannot come. */
    private int costWithDependents(int name) {
        long[] brought = Bits.with(Objects.requireNonNull(program.dependent().get(name)), name);
        long[] more = Bits.minus(Bits.minus(brought, run.owed().required()), run.seen());
        int cost = Bits.size(more) <= run.room() ? 0 : Cursor.VERY_MANY_BYTES;
        for (int i = 0; i < program.names().size(); i++) {
            if (Bits.contains(more, i)) {
                boolean late =
                        program.ordered() && program.order()[i] < run.last().place();
                cost = Fewest.sum(cost, late ? Cursor.VERY_MANY_BYTES : program.fewestOfEntry()[i]);
            }
        }
        return cost;
    }

    /** The names that may still come and need not. */
    static IntStream optionalNames(ObjectRun run) {
        ObjectProgram program = run.program();
        return IntStream.range(0, program.names().size())
                .filter(name ->
                        !program.ordered() || program.order()[name] > run.last().place())
                .filter(name -> program.valueOf()[name] != ObjectProgram.FORBIDDEN
                        && !Bits.contains(run.seen(), name)
                        && !run.isMissing(name));
    }

    private void addAllOthers() {
        for (int c = 0; c < program.others().size(); c++) {
            addOthers(c);
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

    private int cheapest() {
        return entriesOfCost.isEmpty() ? 0 : entriesOfCost.firstKey();
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
