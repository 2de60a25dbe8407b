package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Cursor;
import org.jspecify.annotations.Nullable;

/** The value after a key of an object: of any kind that the key may have, or side by side with it one that counts as a witness. */
final class PendingValues {
    private PendingValues() {}

    /** @param after {@code [slots]} the fewest bytes after the object of a slot */
    static Demand of(ObjectRun[] runs, int[] after) {
        int witnesses = 0;
        for (ObjectRun run : runs) {
            witnesses += run.mayWitness() ? 1 : 0;
        }
        Demands demands = new Demands(runs.length + witnesses);
        for (ObjectRun run : runs) {
            if (run.pending() != ObjectRun.NO_VALUE) {
                demands.add(run.pending(), Fewest.sum(run.fewestToClose(), after[run.slot()]));
            }
            if (run.mayWitness()) {
                demands.add(run.wanted(), Fewest.sum(run.afterValue(true).fewestToClose(), after[run.slot()]));
            }
        }
        return demands.demand();
    }

    /** The run after a value of the accepted slots; null if it takes none of them. */
    static @Nullable ObjectRun after(ObjectRun run, Demand demand, boolean[] accepted) {
        boolean counts = run.mayWitness() && accepted[demand.slotOf(run.wanted())];
        boolean other = run.pending() != ObjectRun.NO_VALUE && accepted[demand.slotOf(run.pending())];
        return counts || other ? run.afterValue(counts) : null;
    }

    /** The fewest bytes from before the value to the end of the object. */
    static int fewestToClose(ObjectRun run, Network network) {
        int fewest = Cursor.VERY_MANY_BYTES;
        if (run.pending() != ObjectRun.NO_VALUE) {
            fewest = Fewest.sum(network.value(run.pending()).fewestBytes(), run.fewestToClose());
        }
        if (run.mayWitness()) {
            int value = network.value(run.wanted()).fewestBytes();
            fewest = Math.min(fewest, Fewest.sum(value, run.afterValue(true).fewestToClose()));
        }
        return fewest;
    }
}
