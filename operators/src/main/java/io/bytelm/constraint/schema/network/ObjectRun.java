package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Cursor;

/**
 * One alternative of an object: its registers. Immutable.
 *
 * @param slot the slot of the demand that it is for
 * @param index of the program among those of the value, to write it down
 * @param count keys so far
 * @param seen the names among them
 * @param required the names that must come, also because of other keys
 * @param missing how many required names have not come
 * @param fewestOfMissing bytes that these take
 * @param used the keys so far that are not names
 * @param lastPlace place in the schema of the last name, where keys are ordered
 * @param pending index of the value that comes after the last key; {@link #NO_VALUE} if only {@code wanted} may
 * @param wanted whether the witness that the program asks for has come ({@link #WITNESSED}) or not ({@link #UNWITNESSED}); after a
 *     key that it may have, the index of the values that count
 * @param costs of this run
 */
record ObjectRun(
        int slot,
        int index,
        ObjectProgram program,
        int count,
        long[] seen,
        long[] required,
        int missing,
        int fewestOfMissing,
        SortedKeys used,
        int lastPlace,
        int pending,
        int wanted,
        ObjectCosts costs) {
    static final int NO_VALUE = -1;
    static final int UNWITNESSED = -1;
    static final int WITNESSED = -2;

    /** Before its costs are known. */
    ObjectRun(
            int slot,
            int index,
            ObjectProgram program,
            int count,
            long[] seen,
            long[] required,
            int missing,
            int fewestOfMissing,
            SortedKeys used,
            int lastPlace,
            int pending,
            int wanted) {
        this(
                slot,
                index,
                program,
                count,
                seen,
                required,
                missing,
                fewestOfMissing,
                used,
                lastPlace,
                pending,
                wanted,
                new ObjectCosts());
    }

    static ObjectRun open(int slot, int index, ObjectProgram program) {
        long[] seen = Bits.none(program.names().size());
        int wanted = program.witness() == null ? WITNESSED : UNWITNESSED;
        return new ObjectRun(
                        slot, index, program, 0, seen, program.required(), 0, 0, SortedKeys.NONE, -1, NO_VALUE, wanted)
                .withMissingCounted();
    }

    /** With what is missing worked out from the other registers. */
    ObjectRun withMissingCounted() {
        int fewest = 0;
        int number = 0;
        long[] open = Bits.minus(required, seen);
        for (int i = 0; i < program.names().size(); i++) {
            if (Bits.contains(open, i)) {
                number++;
                fewest = Fewest.sum(fewest, program.fewestOfEntry()[i]);
            }
        }
        return new ObjectRun(
                slot, index, program, count, seen, required, number, fewest, used, lastPlace, pending, wanted);
    }

    boolean isMissing(int name) {
        return Bits.contains(required, name) && !Bits.contains(seen, name);
    }

    /** After this name. */
    ObjectRun withName(int name) {
        long[] more = program.dependent().get(name);
        long[] nowRequired = more == null ? required : Bits.or(required, more);
        boolean wasMissing = isMissing(name);
        ObjectRun next = new ObjectRun(
                slot,
                index,
                program,
                count + 1,
                Bits.with(seen, name),
                nowRequired,
                wasMissing ? missing - 1 : missing,
                wasMissing && fewestOfMissing < Cursor.VERY_MANY_BYTES
                        ? fewestOfMissing - program.fewestOfEntry()[name]
                        : fewestOfMissing,
                used,
                program.order()[name],
                program.valueOf()[name],
                wanted);
        return more == null ? next : next.withMissingCounted();
    }

    /** After this key, which is not a name. */
    ObjectRun withOther(byte[] key, int keyClass) {
        WitnessProgram witness = program.witness();
        int value = program.others().get(keyClass).value;
        int wantedNow = wanted;
        if (witness != null && isUnwitnessed() && witness.mayBe(keyClass)) {
            boolean every = witness.every()[keyClass];
            wantedNow = every ? WITNESSED : witness.values()[keyClass];
            value = every || costs.fitsWithoutCounting(this, keyClass, key.length) ? value : NO_VALUE;
        }
        return new ObjectRun(
                slot,
                index,
                program,
                count + 1,
                seen,
                required,
                missing,
                fewestOfMissing,
                used.with(key),
                program.ordered() ? Integer.MAX_VALUE : lastPlace,
                value,
                wantedNow);
    }

    boolean isUnwitnessed() {
        return wanted != WITNESSED;
    }

    /** Whether the value after the last key may be one that counts, beside any other. */
    boolean mayWitness() {
        return wanted >= 0;
    }

    /** After a value. @param counts whether it is the witness that the program asks for */
    ObjectRun afterValue(boolean counts) {
        int now = counts ? WITNESSED : UNWITNESSED;
        return mayWitness()
                ? new ObjectRun(
                        slot,
                        index,
                        program,
                        count,
                        seen,
                        required,
                        missing,
                        fewestOfMissing,
                        used,
                        lastPlace,
                        pending,
                        now)
                : this;
    }

    /** Entries that must still come, beside those that the last key brings. */
    private int owed() {
        return missing + (isUnwitnessed() ? 1 : 0);
    }

    boolean canClose() {
        return owed() == 0 && count >= program.min();
    }

    /** Whether another key may come. */
    boolean canGoOn() {
        return admitsAName() || (admitsOther() && (isUnwitnessed() || program.availableOthers(used) > 0));
    }

    /** Whether a name may come next. */
    boolean admitsAName() {
        for (int name = 0; name < program.names().size(); name++) {
            if (admits(name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether this name may come next. */
    boolean admits(int name) {
        if (program.valueOf()[name] == ObjectProgram.FORBIDDEN || Bits.contains(seen, name)) {
            return false;
        }
        long[] more = program.dependent().get(name);
        if (more == null && !program.ordered()) {
            return count + 1L + owed() - (isMissing(name) ? 1 : 0) <= program.max();
        }
        long[] stillRequired = Bits.minus(more == null ? required : Bits.or(required, more), seen);
        int missingAfter = Bits.size(stillRequired) - (Bits.contains(stillRequired, name) ? 1 : 0) + owed() - missing;
        return count + 1L + missingAfter <= program.max()
                && (!program.ordered() || KeyOrder.admits(this, name, stillRequired));
    }

    /** Whether there is room for a key that is not a name. */
    boolean admitsOther() {
        if (program.others().isEmpty() || count + 1L + missing > program.max()) {
            return false;
        }
        return !program.ordered() || (missing == 0 && program.availableOthers(used) >= (long) program.min() - count);
    }

    /** Whether there is room for a key of this class, where some may come. */
    boolean admitsOther(int keyClass) {
        WitnessProgram witness = program.witness();
        return witness == null || !isUnwitnessed() || witness.mayBe(keyClass) || count + 1L + owed() <= program.max();
    }

    /** The fewest bytes after the opening brace. */
    int fewestFromOpen() {
        int toClose = fewestToClose();
        return toClose > 1 && toClose < Cursor.VERY_MANY_BYTES ? toClose - program.comma() : toClose;
    }

    /** The fewest bytes after a value. */
    int fewestToClose() {
        return costs.toClose(this);
    }

    void writeTo(PositionWriter out) {
        out.number(slot);
        out.number(index);
        out.number(pending + 1);
        out.bits(seen);
        out.keys(used);
        out.number(lastPlace == Integer.MAX_VALUE ? 0 : lastPlace + 2);
        if (program.witness() != null) {
            out.number(wanted + 2);
        }
    }
}
