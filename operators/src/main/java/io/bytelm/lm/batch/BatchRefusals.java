package io.bytelm.lm.batch;

import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * What requests fail with that a {@link MicroBatcher} does not take.
 *
 * @param closed once the batcher is closed
 * @param full while too many wait; given how long (ms) it takes to work those off, roughly
 */
public record BatchRefusals(
        Supplier<? extends RuntimeException> closed, LongFunction<? extends RuntimeException> full) {}
