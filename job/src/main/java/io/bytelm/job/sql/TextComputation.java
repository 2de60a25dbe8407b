package io.bytelm.job.sql;

import io.bytelm.beam.Step;

/**
 * What a model computes of each text. Immutable; used by the thread of one subtask.
 *
 * @param <R> what comes out
 */
interface TextComputation<R extends TextResult> {
    /**
     * Begins. It fails, now or later, with {@link NoResultException} or {@link io.bytelm.constraint.ConstraintException} if
     * this text has no result.
     *
     * @param text not to be changed
     */
    Step<R> begin(byte[] text);

    /** How many tokens a text of so many bytes needs the model's states of, see {@link io.bytelm.service.StateRoom}. */
    long roomTokens(int bytes);
}
