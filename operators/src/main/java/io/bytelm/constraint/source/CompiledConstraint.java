package io.bytelm.constraint.source;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import org.jspecify.annotations.Nullable;

/**
 * What became of a source: a constraint, or the reason why there is none.
 *
 * @param weightBytes an upper bound of the memory that it holds: all that was charged while it was compiled
 */
public record CompiledConstraint(
        @Nullable Constraint constraint, @Nullable ConstraintException refusal, long weightBytes) {
    private static final long ENTRY_BYTES = 512;

    /** Compiles on the calling thread; a refusal is a result. */
    static CompiledConstraint of(ConstraintSource source, CompileLimits limits) {
        long ownBytes = ENTRY_BYTES + 2L * source.text().length();
        CompileBudget budget = CompileBudget.start(limits);
        try {
            Constraint constraint = source.compile(budget);
            return new CompiledConstraint(constraint, null, ownBytes + budget.chargedBytes());
        } catch (ConstraintException e) {
            return new CompiledConstraint(null, e, ownBytes);
        } catch (StackOverflowError tooDeep) {
            String message = "nested too deeply to be compiled: simplify it";
            return new CompiledConstraint(
                    null, new ConstraintException(ConstraintException.Reason.TOO_DEEP, message), ownBytes);
        }
    }

    /** @throws ConstraintException the refusal, if there is no constraint */
    public Constraint orThrow() {
        if (constraint == null) {
            throw refusal == null ? new IllegalStateException("neither a constraint nor a refusal") : refusal;
        }
        return constraint;
    }
}
