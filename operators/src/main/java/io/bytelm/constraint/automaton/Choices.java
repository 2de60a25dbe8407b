package io.bytelm.constraint.automaton;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/** Choice lists: the output is one of some given texts. */
public final class Choices {
    private static final int STEPS_PER_CHOICE = 8;
    private static final int BYTES_PER_CHOICE = 32;

    private Choices() {}

    /**
     * One of some texts.
     *
     * @param choices written in UTF-8
     * @throws ConstraintException if there are none, one is not text (a lone surrogate), or they go over the limits
     */
    public static DfaConstraint compile(Collection<String> choices, CompileLimits limits) {
        return compile(choices, CompileBudget.start(limits));
    }

    /** The same within what is left of a budget. */
    public static DfaConstraint compile(Collection<String> choices, CompileBudget budget) {
        long chars = choices.stream().mapToLong(String::length).sum();
        budget.tick(chars + STEPS_PER_CHOICE * (long) choices.size());
        budget.requireMemory(3 * chars + BYTES_PER_CHOICE * (long) choices.size());
        choices.forEach(Choices::checkText);
        return compileBytes(
                choices.stream().map(c -> c.getBytes(StandardCharsets.UTF_8)).toList(), budget);
    }

    /** As {@link #compile}, of any bytes. */
    public static DfaConstraint compileBytes(Collection<byte[]> choices, CompileLimits limits) {
        return compileBytes(choices, CompileBudget.start(limits));
    }

    private static DfaConstraint compileBytes(Collection<byte[]> choices, CompileBudget budget) {
        if (choices.isEmpty()) {
            throw new ConstraintException(Reason.UNSATISFIABLE, "a choice list needs at least one choice");
        }
        return new DfaConstraint(Literals.of(choices, budget));
    }

    private static void checkText(String choice) {
        if (!Utf8.canEncode(choice)) {
            throw new ConstraintException(
                    Reason.SYNTAX, "a choice has a surrogate without its other half, which UTF-8 cannot encode");
        }
    }
}
