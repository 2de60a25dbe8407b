package io.bytelm.session;

/** What becomes of an input record that the service could not answer, after the last attempt. */
public enum ServiceFailurePolicy {
    /** The job fails, restarts from its last checkpoint and tries again: nothing is skipped. */
    FAIL_JOB,
    /** The record becomes a dead letter; its session goes on as if the record had never come. */
    DEAD_LETTER
}
