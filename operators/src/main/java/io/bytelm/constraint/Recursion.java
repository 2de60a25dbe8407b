package io.bytelm.constraint;

import io.bytelm.constraint.ConstraintException.Reason;
import java.util.function.Supplier;

/** Compilations recurse as deep as their source does, within limits; a thread with a very small stack may still run out. */
public final class Recursion {
    private Recursion() {}

    /** @throws ConstraintException if the stack overflows */
    public static <T> T bounded(Supplier<T> compilation) {
        try {
            return compilation.get();
        } catch (StackOverflowError tooDeep) {
            throw new ConstraintException(Reason.TOO_DEEP, "nested too deeply to be compiled: simplify it");
        }
    }
}
