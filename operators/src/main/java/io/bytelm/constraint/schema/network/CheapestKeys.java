package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Cursor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What it takes to reach the least number of keys of an object by its shortest keys and values. */
final class CheapestKeys {
    private CheapestKeys() {}

    /**
     * The bytes of so many more entries that are not missing, commas included.
     *
     * @param skipped how many of the cheapest keys without a name are taken already
     */
    static int of(ObjectRun run, int entries, int skipped) {
        ObjectProgram program = run.program();
        List<Integer> costs = new ArrayList<>();
        for (int name = 0; name < program.names().size(); name++) {
            boolean later = !program.ordered() || program.order()[name] > run.lastPlace();
            if (later && !run.isMissing(name) && run.admits(name)) {
                costs.add(program.fewestOfEntry()[name]);
            }
        }
        List<Integer> others = new ArrayList<>();
        for (int c = 0; c < program.others().size(); c++) {
            addOthers(run, c, entries + skipped, others);
        }
        Collections.sort(others);
        costs.addAll(others.subList(Math.min(skipped, others.size()), others.size()));
        Collections.sort(costs);
        int sum = 0;
        for (int i = 0; i < entries; i++) {
            sum = Fewest.sum(sum, i < costs.size() ? costs.get(i) : Cursor.VERY_MANY_BYTES);
        }
        return sum;
    }

    private static void addOthers(ObjectRun run, int keyClass, int atMost, List<Integer> costs) {
        ObjectProgram program = run.program();
        KeyClassProgram keys = program.others().get(keyClass);
        SortedKeys used = run.used();
        long left = keys.completions(0);
        if (left != KeyClassProgram.UNLIMITED) {
            left -= program.excluded(keyClass, used, program.names().all(), used.all());
        }
        left = Math.min(left, atMost);
        for (int length = 0; left > 0; length++) {
            long available = keys.completionsOfLength(0, length)
                    - program.excludedOfLength(keyClass, used, program.names().all(), used.all(), length);
            for (; available > 0 && left > 0; available--, left--) {
                costs.add(Fewest.sum(length, program.fewestOfOther()[keyClass]));
            }
        }
    }
}
