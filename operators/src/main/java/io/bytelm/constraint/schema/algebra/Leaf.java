package io.bytelm.constraint.schema.algebra;

import org.jspecify.annotations.Nullable;

/** A set of JSON values that is written down somewhere. Equal leaves are the same set. */
public interface Leaf {
    /** Called at most once for equal leaves of one algebra. */
    ValueSet evaluate(Algebra algebra);

    /** Where it is written, as a JSON pointer; null if that is not one place. */
    default @Nullable String place() {
        return null;
    }

    /** Whether its values are among some that are written out one by one, as by {@code const}. */
    default boolean isWrittenOut() {
        return false;
    }
}
