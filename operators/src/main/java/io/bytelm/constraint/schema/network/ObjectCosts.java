package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Cursor;

/** The fewest bytes that an alternative of an object still takes, each worked out when it is first asked for. Any thread may use it. */
final class ObjectCosts {
    private static final int UNKNOWN = 0;

    private int toClose; // a race computes one of these twice at worst
    private int toCloseAfterOther;
    private int ofAnotherKey;

    /** After a value. */
    int toClose(ObjectRun run) {
        int known = toClose;
        if (known == UNKNOWN) {
            known = withOthers(run, 0);
            toClose = known;
        }
        return known;
    }

    /** After the value of one more key that is not a name. */
    int toCloseAfterOther(ObjectRun run) {
        int known = toCloseAfterOther;
        if (known == UNKNOWN) {
            known = withOthers(run, 1);
            toCloseAfterOther = known;
        }
        return known;
    }

    private static int withOthers(ObjectRun run, int others) {
        int more = run.program().min() - run.count() - others - run.missing();
        int fewest = Fewest.sum(1, run.fewestOfMissing());
        return more <= 0 ? fewest : Fewest.sum(fewest, CheapestKeys.of(run, more, others));
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
