package io.bytelm.constraint.automaton;

/** Where each state of a deterministic automaton goes by each class of bytes. Immutable. */
sealed interface Transitions permits DenseTransitions, SparseTransitions {
    /** The next state, or {@link ByteDfa#DEAD}. */
    int next(int state, int symbolClass);

    /** The first class from {@code from} on that leads somewhere, or -1. */
    int nextClass(int state, int from);
}
