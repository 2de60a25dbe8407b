package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Cursor;

/**
 * What an object still owes: names that must come, and conditions of {@link WitnessProgram} that no key has met. Immutable.
 *
 * @param required the names that must come, also because of other keys; those that have come are among them
 * @param missing how many of them have not come
 * @param fewestOfMissing bytes that these take
 * @param unmet set of conditions, by bits
 */
record Owed(long[] required, int missing, int fewestOfMissing, int unmet) {
    static Owed atFirst(ObjectProgram program) {
        WitnessProgram witness = program.witness();
        long[] seen = Bits.none(program.names().size());
        return of(program, program.required(), seen, witness == null ? 0 : witness.all());
    }

    /** With what is missing worked out. */
    static Owed of(ObjectProgram program, long[] required, long[] seen, int unmet) {
        int fewest = 0;
        int number = 0;
        long[] open = Bits.minus(required, seen);
        for (int i = 0; i < program.names().size(); i++) {
            if (Bits.contains(open, i)) {
                number++;
                fewest = Fewest.sum(fewest, program.fewestOfEntry()[i]);
            }
        }
        return new Owed(required, number, fewest, unmet);
    }

    boolean isNothing() {
        return missing == 0 && unmet == 0;
    }

    /** After a name. @param seen the names that have come, this one among them */
    Owed afterName(ObjectProgram program, int name, boolean wasMissing, long[] seen) {
        long[] more = program.dependent().get(name);
        if (more != null) {
            return of(program, Bits.or(required, more), seen, unmet);
        }
        if (!wasMissing) {
            return this;
        }
        boolean known = fewestOfMissing < Cursor.VERY_MANY_BYTES;
        return new Owed(
                required,
                missing - 1,
                known ? fewestOfMissing - program.fewestOfEntry()[name] : fewestOfMissing,
                unmet);
    }

    /** Where a value meets these conditions. */
    Owed without(int met) {
        return (unmet & met) == 0 ? this : new Owed(required, missing, fewestOfMissing, unmet & ~met);
    }
}
