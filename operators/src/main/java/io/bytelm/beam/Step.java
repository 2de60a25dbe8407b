package io.bytelm.beam;

import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A computation that now and then needs the model: it is either done, or says what it asks and how to go on with the
 * answers. It holds no thread and no future, so the same algorithm runs in an operator's mailbox and in a plain loop.
 *
 * @param <T> what the computation is for
 */
public sealed interface Step<T> {
    /** The result, and {@link #healings}. */
    record Done<T>(T value, int healings) implements Step<T> {}

    /**
     * Requests that can be answered together, in any order.
     *
     * @param requests at least one
     * @param then goes on with the answers, one a request, in the requests' order
     * @param healings see {@link Step#healings}
     */
    record Ask<T>(List<ExpandRequest> requests, Function<List<Expansion>, Step<T>> then, int healings)
            implements Step<T> {}

    /**
     * How many dead ends of beams were healed on the way here, since the last answers. A computation's healings are the
     * sum over its steps.
     */
    int healings();

    static <T> Step<T> done(T value) {
        return new Done<>(value, 0);
    }

    /** Asks, unless there is nothing to ask. */
    static <T> Step<T> ask(List<ExpandRequest> requests, Function<List<Expansion>, Step<T>> then) {
        return requests.isEmpty() ? then.apply(List.of()) : new Ask<>(requests, then, 0);
    }

    /** The same step, with more healings on the way. */
    default Step<T> plusHealings(int more) {
        if (more == 0) {
            return this;
        }
        return this instanceof Ask<T> ask
                ? new Ask<>(ask.requests(), ask.then(), healings() + more)
                : new Done<>(((Done<T>) this).value(), healings() + more);
    }

    /** This computation, then the next one on its result. */
    default <R> Step<R> then(Function<? super T, Step<R>> next) {
        if (this instanceof Ask<T> ask) {
            return new Ask<>(
                    ask.requests(), answers -> ask.then().apply(answers).then(next), healings());
        }
        return next.apply(((Done<T>) this).value()).plusHealings(healings());
    }

    /** The same computation, which asks the {@code model}-th of several, see {@link ExpandRequest#model}. */
    default Step<T> of(int model) {
        if (model == 0 || !(this instanceof Ask<T> ask)) {
            return this;
        }
        List<ExpandRequest> routed =
                ask.requests().stream().map(request -> request.of(model)).toList();
        return new Ask<>(routed, answers -> ask.then().apply(answers).of(model), healings());
    }

    default <R> Step<R> map(Function<? super T, ? extends R> function) {
        return then(value -> done(function.apply(value)));
    }

    /**
     * Runs {@code body} on its own result for as long as {@code goesOn} holds. Neither the stack nor the chain of
     * continuations grows with the number of rounds, so a loop over a long text is safe.
     */
    static <S> Step<S> loop(S start, Predicate<? super S> goesOn, Function<? super S, Step<S>> body) {
        S state = start;
        int healings = 0;
        while (goesOn.test(state)) {
            Step<S> next = body.apply(state);
            if (next instanceof Ask<S>) {
                return next.then(value -> loop(value, goesOn, body)).plusHealings(healings);
            }
            state = ((Done<S>) next).value();
            healings += next.healings();
        }
        return new Done<>(state, healings);
    }

    /** Runs independent computations side by side: what they ask at the same time is asked together. */
    static <T> Step<List<T>> together(List<Step<T>> steps) {
        List<ExpandRequest> requests = new ArrayList<>();
        int healings = 0;
        for (Step<T> step : steps) {
            healings += step.healings();
            if (step instanceof Ask<T> ask) {
                requests.addAll(ask.requests());
            }
        }
        if (requests.isEmpty()) {
            return new Done<>(
                    steps.stream().map(step -> ((Done<T>) step).value()).toList(), healings);
        }
        return new Ask<>(List.copyOf(requests), answers -> together(resume(steps, answers)), healings);
    }

    /** The healings up to the answers have been told. */
    private static <T> List<Step<T>> resume(List<Step<T>> steps, List<Expansion> answers) {
        List<Step<T>> next = new ArrayList<>(steps.size());
        int from = 0;
        for (Step<T> step : steps) {
            if (step instanceof Ask<T> ask) {
                int to = from + ask.requests().size();
                next.add(ask.then().apply(answers.subList(from, to)));
                from = to;
            } else {
                next.add(done(((Done<T>) step).value()));
            }
        }
        return next;
    }

    /**
     * Runs to the end on the calling thread.
     *
     * @param service answers a batch of requests in their order
     */
    default T run(Function<List<ExpandRequest>, List<Expansion>> service) {
        Step<T> step = this;
        while (step instanceof Ask<T> ask) {
            step = ask.then().apply(service.apply(ask.requests()));
        }
        return ((Done<T>) step).value();
    }
}
