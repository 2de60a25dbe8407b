package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Cursor;

/**
 * One alternative of an object: its registers. Immutable.
 *
 * @param slot the slot of the demand that it is for
 * @param index of the program among those of the value, to write it down
 * @param count keys so far
 * @param seen the names among them
 * @param used the keys so far that are not names
 * @param costs of this run
 */
record ObjectRun(
        int slot,
        int index,
        ObjectProgram program,
        int count,
        long[] seen,
        SortedKeys used,
        Owed owed,
        LastKey last,
        ObjectCosts costs) {
    static ObjectRun open(int slot, int index, ObjectProgram program) {
        long[] seen = Bits.none(program.names().size());
        return of(slot, index, program, seen, SortedKeys.NONE, Owed.atFirst(program), LastKey.NONE);
    }

    static ObjectRun of(
            int slot, int index, ObjectProgram program, long[] seen, SortedKeys used, Owed owed, LastKey last) {
        int count = Bits.size(seen) + used.size();
        return new ObjectRun(slot, index, program, count, seen, used, owed, last, new ObjectCosts());
    }

    private ObjectRun with(int nowCount, long[] nowSeen, SortedKeys nowUsed, Owed nowOwed, LastKey nowLast) {
        return new ObjectRun(slot, index, program, nowCount, nowSeen, nowUsed, nowOwed, nowLast, new ObjectCosts());
    }

    boolean isMissing(int name) {
        return Bits.contains(owed.required(), name) && !Bits.contains(seen, name);
    }

    /** After this name. */
    ObjectRun withName(int name) {
        long[] nowSeen = Bits.with(seen, name);
        LastKey key = new LastKey(program.order()[name], program.valueOf()[name], LastKey.NO_CLASS);
        return with(count + 1, nowSeen, used, owed.afterName(program, name, isMissing(name), nowSeen), key);
    }

    /** After this key, which is not a name. */
    ObjectRun withOther(byte[] key, int keyClass) {
        WitnessProgram witness = program.witness();
        int place = program.ordered() ? LastKey.AFTER_NAMES : last.place();
        int value = program.others().get(keyClass).value;
        SortedKeys nowUsed = used.with(key);
        Owed nowOwed = witness == null ? owed : owed.without(witness.always()[keyClass]);
        boolean mayMeet = witness != null && witness.mayMeet(keyClass, nowOwed.unmet());
        if (!mayMeet) {
            return with(count + 1, seen, nowUsed, nowOwed, new LastKey(place, value, LastKey.NO_CLASS));
        }
        ObjectRun next = with(count + 1, seen, nowUsed, nowOwed, new LastKey(place, value, keyClass));
        return next.fewestToClose() < Cursor.VERY_MANY_BYTES
                ? next
                : with(count + 1, seen, nowUsed, nowOwed, new LastKey(place, LastKey.NO_VALUE, keyClass));
    }

    /** Whether a condition of the program is not met. */
    boolean isUnmet() {
        return owed.unmet() != 0;
    }

    /** Whether the value after the last key may be one that meets a condition, beside any other. */
    boolean mayMeet() {
        return last.keyClass() != LastKey.NO_CLASS;
    }

    /** After a value. @param met the conditions that it meets */
    ObjectRun afterValue(int met) {
        return mayMeet() ? with(count, seen, used, owed.without(met), last.afterItsValue()) : this;
    }

    boolean canClose() {
        return owed.isNothing() && count >= program.min();
    }

    /** Entries that may still come, beside the names that must. */
    int room() {
        return program.max() - count - owed.missing();
    }

    /** Entries that must still come, beside those that the last key brings. */
    private long owedEntries() {
        return owed.missing() + (isUnmet() ? (long) costs.fewestEntriesOfUnmet(this) : 0);
    }

    /** Whether another key may come. */
    boolean canGoOn() {
        return admitsAName() || (admitsOther() && (isUnmet() || program.availableOthers(used) > 0));
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
            return count + 1L + owedEntries() - (isMissing(name) ? 1 : 0) <= program.max();
        }
        long[] all = more == null ? owed.required() : Bits.or(owed.required(), more);
        long[] stillRequired = Bits.minus(all, seen);
        int missingAfter = Bits.size(stillRequired) - (Bits.contains(stillRequired, name) ? 1 : 0);
        return count + 1L + missingAfter + owedEntries() - owed.missing() <= program.max()
                && (!program.ordered() || KeyOrder.admits(this, name, stillRequired));
    }

    /** Whether there is room for a key that is not a name. */
    boolean admitsOther() {
        if (program.others().isEmpty() || room() < 1) {
            return false;
        }
        return !program.ordered()
                || (owed.missing() == 0 && program.availableOthers(used) >= (long) program.min() - count);
    }

    /** Whether there is room for a key of this class, where some may come. */
    boolean admitsOther(int keyClass) {
        return !isUnmet() || costs.canMeetAllAfter(this, keyClass);
    }

    /** The fewest bytes after the opening brace. */
    int fewestFromOpen() {
        int toClose = fewestToClose();
        return toClose > 1 && toClose < Cursor.VERY_MANY_BYTES ? toClose - program.comma() : toClose;
    }

    /** The fewest bytes after a value, which meets no condition. */
    int fewestToClose() {
        return costs.toClose(this);
    }

    void writeTo(PositionWriter out) {
        out.number(slot);
        out.number(index);
        out.number(last.value() + 1);
        out.bits(seen);
        out.keys(used);
        out.number(last.place() == LastKey.AFTER_NAMES ? 0 : last.place() + 2);
        if (program.witness() != null) {
            program.witness().write(owed.unmet(), last.keyClass(), out);
        }
    }
}
