package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Cursor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The value after a key of an object: of any kind that the key may have, or side by side with it one that meets
 * conditions of {@link WitnessProgram}. */
final class PendingValues {
    private PendingValues() {}

    /** @param after {@code [slots]} the fewest bytes after the object of a slot */
    static Demand of(ObjectRun[] runs, int[] after) {
        int most = runs.length;
        for (ObjectRun run : runs) {
            most += run.mayMeet() ? run.owed().unmet() : 0;
        }
        Demands demands = new Demands(most);
        for (ObjectRun run : runs) {
            if (run.last().value() != LastKey.NO_VALUE) {
                demands.add(run.last().value(), Fewest.sum(run.fewestToClose(), after[run.slot()]));
            }
            for (int met = firstSet(run); met > 0; met = nextSet(run, met)) {
                int toClose = run.afterValue(met).fewestToClose();
                if (isAmong(run, met, toClose)) {
                    demands.add(value(run, met), Fewest.sum(toClose, after[run.slot()]));
                }
            }
        }
        return demands.demand();
    }

    /** The sets of conditions that the value may meet, from the largest on; 0 if there are no more. */
    private static int firstSet(ObjectRun run) {
        return run.mayMeet() ? run.owed().unmet() : 0;
    }

    private static int nextSet(ObjectRun run, int set) {
        return set - 1 & run.owed().unmet();
    }

    private static int value(ObjectRun run, int met) {
        return Objects.requireNonNull(run.program().witness())
                .values()[run.last().keyClass()][met];
    }

    private static boolean isAmong(ObjectRun run, int met, int toClose) {
        return value(run, met) != WitnessProgram.NONE && toClose < Cursor.VERY_MANY_BYTES;
    }

    /** The run after a value of the accepted slots; null if it takes none of them. */
    static @Nullable ObjectRun after(ObjectRun run, Demand demand, boolean[] accepted) {
        boolean takes = run.last().value() != LastKey.NO_VALUE
                && accepted[demand.slotOf(run.last().value())];
        int met = 0;
        for (int set = firstSet(run); set > 0; set = nextSet(run, set)) {
            boolean among = isAmong(run, set, run.afterValue(set).fewestToClose());
            if (among && accepted[demand.slotOf(value(run, set))]) {
                takes = true;
                met |= set;
            }
        }
        return takes ? run.afterValue(met) : null;
    }

    /** The fewest bytes from before the value to the end of the object. */
    static int fewestToClose(ObjectRun run, Network network) {
        int fewest = Cursor.VERY_MANY_BYTES;
        if (run.last().value() != LastKey.NO_VALUE) {
            fewest = Fewest.sum(network.value(run.last().value()).fewestBytes(), run.fewestToClose());
        }
        for (int met = firstSet(run); met > 0; met = nextSet(run, met)) {
            int toClose = run.afterValue(met).fewestToClose();
            if (isAmong(run, met, toClose)) {
                fewest = Math.min(
                        fewest, Fewest.sum(network.value(value(run, met)).fewestBytes(), toClose));
            }
        }
        return fewest;
    }
}
