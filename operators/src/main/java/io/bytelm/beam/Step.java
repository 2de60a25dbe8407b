package io.bytelm.beam;

import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import java.util.List;
import java.util.function.Function;

/**
 * A computation that now and then needs the model: it is either done, or says what it asks and how to go on with the
 * answers. It holds no thread and no future, so the same algorithm runs in an operator's mailbox and in a plain loop.
 *
 * @param <T> what the computation is for
 */
public sealed interface Step<T> {
    /** The result. */
    record Done<T>(T value) implements Step<T> {}

    /**
     * Requests that can be answered together, in any order.
     *
     * @param requests at least one
     * @param then goes on with the answers, one a request, in the requests' order
     */
    record Ask<T>(List<ExpandRequest> requests, Function<List<Expansion>, Step<T>> then) implements Step<T> {}

    static <T> Step<T> done(T value) {
        return new Done<>(value);
    }

    /** Asks, unless there is nothing to ask. */
    static <T> Step<T> ask(List<ExpandRequest> requests, Function<List<Expansion>, Step<T>> then) {
        return requests.isEmpty() ? then.apply(List.of()) : new Ask<>(requests, then);
    }

    /** This computation, then the next one on its result. */
    default <R> Step<R> then(Function<? super T, Step<R>> next) {
        if (this instanceof Ask<T> ask) {
            return new Ask<>(
                    ask.requests(), answers -> ask.then().apply(answers).then(next));
        }
        return next.apply(((Done<T>) this).value());
    }

    default <R> Step<R> map(Function<? super T, ? extends R> function) {
        return then(value -> done(function.apply(value)));
    }
}
