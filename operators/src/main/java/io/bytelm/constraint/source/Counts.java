package io.bytelm.constraint.source;

import io.bytelm.constraint.composed.Part;

/** How often something comes: the fields {@code min}, by default 0, and {@code max}, by default without a limit. */
record Counts(int min, int max) {
    static Counts of(ConstraintFields fields) {
        int min = fields.count("min", 0);
        int max = fields.count("max", Part.UNBOUNDED);
        if (min > max) {
            throw ConstraintFields.refused(
                    fields.pointer(),
                    "\"min\" is " + min + " and \"max\" is " + max + "; allowed is a max of at least min");
        }
        return new Counts(min, max);
    }
}
