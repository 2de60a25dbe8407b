package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Cursor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The fewest bytes that an alternative of an object still takes, each worked out when it is first asked for. Any thread may use it. */
final class ObjectCosts {
    private static final int UNKNOWN = 0;

    private int toClose; // a race computes one of these twice at worst
    private CheapestKeys.@Nullable AfterOne afterOther;
    private CheapestKeys.@Nullable AfterOne witnesses;
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
        int fewest = Fewest.sum(1, run.fewestOfMissing());
        if (run.isUnwitnessed()) {
            return Fewest.sum(fewest, run.costs().witnesses(run).sum());
        }
        int more = run.program().min() - run.count() - run.missing();
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

    /** The cheapest entries that would be the witness that has not come. */
    private CheapestKeys.AfterOne witnesses(ObjectRun run) {
        CheapestKeys.@Nullable AfterOne known = witnesses;
        if (known == null) {
            known = Objects.requireNonNull(run.program().witness()).cheapest(run);
            witnesses = known;
        }
        return known;
    }

    /** What a witness takes after one more key that is not a name and whose value does not count. */
    private int witnessAfter(ObjectRun run, int keyClass, int length) {
        WitnessProgram witness = Objects.requireNonNull(run.program().witness());
        return witnesses(run).bytes(witness.fewest(keyClass, length));
    }

    /** Whether a key that may be the witness, which has not come, may also have a value that does not count. */
    boolean fitsWithoutCounting(ObjectRun run, int keyClass, int length) {
        return run.count() + 2L + run.missing() <= run.program().max()
                && witnessAfter(run, keyClass, length) < Cursor.VERY_MANY_BYTES;
    }

    /**
     * From the comma before one more key that is not a name, where the witness has not come, without the key itself.
     *
     * @param length of the key
     */
    int toCloseBeforeWitness(ObjectRun run, int keyClass, int length) {
        WitnessProgram witness = Objects.requireNonNull(run.program().witness());
        int rest = Fewest.sum(1, run.fewestOfMissing());
        int counts = Fewest.sum(witness.fewest(keyClass, 0), rest);
        if (!fitsWithoutCounting(run, keyClass, length)) {
            return counts;
        }
        int entry = Fewest.sum(run.program().fewestOfOther()[keyClass], rest);
        return Math.min(counts, Fewest.sum(entry, witnessAfter(run, keyClass, length)));
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
        int stillMissing = run.missing() - (run.isMissing(name) ? 1 : 0) + (run.isUnwitnessed() ? 1 : 0);
        if (run.program().dependent().get(name) != null || run.program().min() - run.count() - 1 > stillMissing) {
            return run.withName(name).fewestToClose();
        }
        boolean less = run.isMissing(name) && run.fewestOfMissing() < Cursor.VERY_MANY_BYTES;
        int witness = run.isUnwitnessed() ? run.costs().witnesses(run).sum() : 0;
        int others = run.fewestOfMissing() - (less ? run.program().fewestOfEntry()[name] : 0);
        return Fewest.sum(Fewest.sum(1, others), witness);
    }

    /** At least what another key takes whose bytes are those of a name, from its opening quote on; very many if it is not known. */
    static int mostOfAnotherName(ObjectRun run) {
        return run.program().plain()
                ? Fewest.sum(run.program().mostOfEntry() - run.program().commaAndQuote(), run.fewestToClose())
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
