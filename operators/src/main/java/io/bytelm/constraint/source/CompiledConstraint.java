package io.bytelm.constraint.source;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a source: a constraint, or the reason why there is none.
 *
 * @param weightBytes an upper bound of the memory that it holds: all that was charged while it was compiled
 * @param budget what compiling it has spent; it is not charged any more
 */
public record CompiledConstraint(
        @Nullable Constraint constraint,
        @Nullable ConstraintException refusal,
        long weightBytes,
        CompileBudget budget) {
    private static final long ENTRY_BYTES = 512;

    /** Compiles on the calling thread; a refusal is a result. */
    static CompiledConstraint of(ConstraintSource source, CompileLimits limits) {
        long ownBytes = ENTRY_BYTES + 2L * source.text().length();
        CompileBudget budget = CompileBudget.start(limits);
        try {
            Constraint constraint = source.compile(budget);
            return new CompiledConstraint(constraint, null, ownBytes + budget.chargedBytes(), budget);
        } catch (ConstraintException e) {
            return new CompiledConstraint(null, e, ownBytes, budget);
        }
    }

    /** What is not enforced of it: a line for each keyword of a lenient schema, its place and why. */
    public List<String> ignored() {
        return budget.ignored();
    }

    /** Whether it is refused for what it costs, and not for what it says. */
    boolean isOverALimit() {
        return refusal != null && refusal.isOverALimit();
    }

    /** Whether there is a constraint, and there would be within these limits too. */
    boolean isWithin(CompileLimits limits) {
        return constraint != null && budget.isWithin(limits);
    }

    /** @throws ConstraintException the refusal, if there is no constraint */
    public Constraint orThrow() {
        if (constraint == null) {
            throw refusal == null ? new IllegalStateException("neither a constraint nor a refusal") : refusal;
        }
        return constraint;
    }
}
