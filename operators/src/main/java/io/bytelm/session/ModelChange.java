package io.bytelm.session;

/** What becomes of sessions that were read with another model, or with other settings that change numbers. */
public enum ModelChange {
    /** The job fails, and is not restarted: going on would give numbers that mean nothing. */
    REFUSED,

    /** All sessions begin anew, each as if it had not been seen before, and say so. */
    BEGINS_SESSIONS_ANEW
}
