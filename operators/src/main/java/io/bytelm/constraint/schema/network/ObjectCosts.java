package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Cursor;
import org.jspecify.annotations.Nullable;

/** The fewest bytes that an alternative of an object still takes, each worked out when it is first asked for. Any thread may use it. */
final class ObjectCosts {
    private static final int UNKNOWN = 0;

    private int toClose; // a race computes one of these twice at worst
    private CheapestKeys.@Nullable AfterOne afterOther;
    private int ofAnotherKey;

    /** After a value. */
    int toClose(ObjectRun run) {
        int known = toClose;
        if (known == UNKNOWN) {
            known = computeToClose(run);
            toClose = known;
        }
        return known;
    }

    private static int computeToClose(ObjectRun run) {
        int more = run.program().min() - run.count() - run.missing();
        int fewest = Fewest.sum(1, run.fewestOfMissing());
        return more <= 0 ? fewest : Fewest.sum(fewest, CheapestKeys.of(run, more));
    }

    /**
     * After the value of one more key that is not a name.
     *
     * @param bytesOfEntry what the shortest entry with that key takes, its comma included
     */
    int toCloseAfterOther(ObjectRun run, int bytesOfEntry) {
        return Fewest.sum(Fewest.sum(1, run.fewestOfMissing()), afterOther(run).bytes(bytesOfEntry));
    }

    /** At least what {@link #toCloseAfterOther} is for any key. */
    int mostToCloseAfterOther(ObjectRun run) {
        return Fewest.sum(Fewest.sum(1, run.fewestOfMissing()), afterOther(run).most());
    }

    /** Whether {@link #toCloseAfterOther} is the same for all entries of at least so many bytes. */
    boolean isTheSameAfterOthersOf(ObjectRun run, int bytesOfEntry) {
        return afterOther(run).isTheSameFrom(bytesOfEntry);
    }

    private CheapestKeys.AfterOne afterOther(ObjectRun run) {
        CheapestKeys.@Nullable AfterOne known = afterOther;
        if (known == null) {
            known = CheapestKeys.afterOther(run, run.program().min() - run.count() - 1 - run.missing());
            afterOther = known;
        }
        return known;
    }

    /** After the value of a name that may come. */
    static int toCloseAfterName(ObjectRun run, int name) {
        int stillMissing = run.missing() - (run.isMissing(name) ? 1 : 0);
        if (run.program().dependent().get(name) != null || run.program().min() - run.count() - 1 > stillMissing) {
            return run.withName(name).fewestToClose();
        }
        boolean less = run.isMissing(name) && run.fewestOfMissing() < Cursor.VERY_MANY_BYTES;
        return Fewest.sum(1, run.fewestOfMissing() - (less ? run.program().fewestOfEntry()[name] : 0));
    }

    /** At least what another key takes whose bytes are those of a name, from its opening quote on; very many if it is not known. */
    static int mostOfAnotherName(ObjectRun run) {
        return run.program().plain()
                ? Fewest.sum(run.program().mostOfEntry() - 2, run.fewestToClose())
                : Cursor.VERY_MANY_BYTES;
    }

    /** Whether another key and all that it brings fit into so many bytes after its opening quote; one may come. */
    boolean fitsAnotherKey(ObjectRun run, int bytesLeft) {
        if (mostOfAnotherName(run) <= bytesLeft && run.admitsAName()) {
            return true;
        }
        int known = ofAnotherKey;
        if (known == UNKNOWN) {
            known = KeyRun.open(run).fewestToClose(0);
            ofAnotherKey = known;
        }
        return known <= bytesLeft;
    }
}
