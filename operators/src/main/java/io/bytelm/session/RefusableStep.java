package io.bytelm.session;

import io.bytelm.beam.Step;
import io.bytelm.constraint.ConstraintException;
import java.util.function.Function;
import java.util.function.Supplier;

/** A computation that a constraint can refuse at any point of it, also after the service has answered. */
final class RefusableStep {
    private RefusableStep() {}

    /**
     * Begins a computation; where it ends in a refusal, another one takes its place.
     *
     * @param onRefusal what comes of it then
     */
    static <T> Step<T> of(Supplier<Step<T>> begin, Function<ConstraintException, Step<T>> onRefusal) {
        Step<T> step;
        try {
            step = begin.get();
        } catch (ConstraintException refusal) {
            return onRefusal.apply(refusal);
        }
        return step instanceof Step.Ask<T> ask
                ? new Step.Ask<>(
                        ask.requests(), answers -> of(() -> ask.then().apply(answers), onRefusal), ask.healings())
                : step;
    }
}
