package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Cursor;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The fewest bytes that an alternative of an object still takes, each worked out when it is first asked for. Any thread may use it. */
final class ObjectCosts {
    private static final int UNKNOWN = 0;

    private int toClose; // a race computes one of these twice at worst
    private CheapestKeys.@Nullable AfterOne afterOther;
    private int entriesOfUnmet;
    private int ofAnotherKey;
    private volatile Map<OtherKey, Integer> beforeOther = Map.of();

    private record OtherKey(int keyClass, int length) {}

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
        int fewest = Fewest.sum(1, run.owed().fewestOfMissing());
        if (run.isUnmet()) {
            return Fewest.sum(fewest, CheapestWitnesses.bytes(run, run.owed().unmet()));
        }
        int more = run.program().min() - run.count() - run.owed().missing();
        return more <= 0 ? fewest : Fewest.sum(fewest, CheapestKeys.of(run, more));
    }

    /**
     * After the value of one more key that is not a name.
     *
     * @param bytesOfEntry what the shortest entry with that key takes, its comma included
     */
    int toCloseAfterOther(ObjectRun run, int bytesOfEntry) {
        return Fewest.sum(
                Fewest.sum(1, run.owed().fewestOfMissing()), afterOther(run).bytes(bytesOfEntry));
    }

    /** At least what {@link #toCloseAfterOther} is for any key. */
    int mostToCloseAfterOther(ObjectRun run) {
        return Fewest.sum(
                Fewest.sum(1, run.owed().fewestOfMissing()), afterOther(run).most());
    }

    /** Whether {@link #toCloseAfterOther} is the same for all entries of at least so many bytes. */
    boolean isTheSameAfterOthersOf(ObjectRun run, int bytesOfEntry) {
        return afterOther(run).isTheSameFrom(bytesOfEntry);
    }

    /** How many keys at least must still come to meet the conditions that no key has met; very many if they cannot be. */
    int fewestEntriesOfUnmet(ObjectRun run) {
        int known = entriesOfUnmet;
        if (known == UNKNOWN) {
            known = CheapestWitnesses.fewestEntries(run);
            entriesOfUnmet = known;
        }
        return known;
    }

    /** Whether all conditions that no key has met can be after one more key of a class: how long it is does not matter. */
    boolean canMeetAllAfter(ObjectRun run, int keyClass) {
        return toCloseBeforeOther(run, keyClass, CheapestWitnesses.NO_LENGTH) < Cursor.VERY_MANY_BYTES;
    }

    /**
     * From the comma before one more key that is not a name, where some condition is not met, without the key itself.
     *
     * @param length of the key
     */
    int toCloseBeforeOther(ObjectRun run, int keyClass, int length) {
        OtherKey key = new OtherKey(keyClass, length);
        Integer known = beforeOther.get(key);
        if (known == null) {
            known = computeToCloseBeforeOther(run, keyClass, length);
            Map<OtherKey, Integer> more = new HashMap<>(beforeOther);
            more.put(key, known);
            beforeOther = more;
        }
        return known;
    }

    private static int computeToCloseBeforeOther(ObjectRun run, int keyClass, int length) {
        WitnessProgram witness = Objects.requireNonNull(run.program().witness());
        int unmet = run.owed().unmet();
        int fewest = Fewest.sum(
                run.program().fewestOfOther()[keyClass],
                CheapestWitnesses.bytesAfter(run, unmet & ~witness.always()[keyClass], keyClass, length));
        for (int met = unmet; met > 0; met = met - 1 & unmet) {
            int entry = witness.fewest(keyClass, met, 0);
            if (entry < fewest) {
                int others = CheapestWitnesses.bytesAfter(run, unmet & ~met, keyClass, length);
                fewest = Math.min(fewest, Fewest.sum(entry, others));
            }
        }
        return Fewest.sum(fewest, Fewest.sum(1, run.owed().fewestOfMissing()));
    }

    private CheapestKeys.AfterOne afterOther(ObjectRun run) {
        CheapestKeys.@Nullable AfterOne known = afterOther;
        if (known == null) {
            known = CheapestKeys.afterOther(
                    run, run.program().min() - run.count() - 1 - run.owed().missing());
            afterOther = known;
        }
        return known;
    }

    /** After the value of a name that may come. */
    static int toCloseAfterName(ObjectRun run, int name) {
        ObjectProgram program = run.program();
        Owed owed = run.owed();
        int stillMissing = owed.missing() - (run.isMissing(name) ? 1 : 0);
        boolean countsMatter = program.min() - run.count() - 1 > stillMissing || isTight(run);
        if (program.dependent().get(name) != null || countsMatter) {
            return run.withName(name).fewestToClose();
        }
        boolean less = run.isMissing(name) && owed.fewestOfMissing() < Cursor.VERY_MANY_BYTES;
        int named = owed.fewestOfMissing() - (less ? program.fewestOfEntry()[name] : 0);
        int unnamed = run.isUnmet() ? run.costs().toClose(run) - Fewest.sum(1, owed.fewestOfMissing()) : 0;
        return Fewest.sum(Fewest.sum(1, named), unnamed);
    }

    /** Whether a key less may be one too few to meet all conditions as cheaply as can be. */
    private static boolean isTight(ObjectRun run) {
        return run.isUnmet() && run.room() <= Integer.bitCount(run.owed().unmet());
    }

    /** At least what another key takes whose bytes are those of a name, from its opening quote on; very many if it is not known. */
    static int mostOfAnotherName(ObjectRun run) {
        return run.program().plain() && !isTight(run)
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
