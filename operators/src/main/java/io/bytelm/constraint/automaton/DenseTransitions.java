package io.bytelm.constraint.automaton;

/** A cell for each state and class: the fastest, and the smallest where most classes lead somewhere. */
final class DenseTransitions implements Transitions {
    private final int[] next;
    private final int classCount;

    /** @param next {@code [states * classCount]}: the next state, -1 for none */
    DenseTransitions(int[] next, int classCount) {
        this.next = next;
        this.classCount = classCount;
    }

    @Override
    public int next(int state, int symbolClass) {
        return next[state * classCount + symbolClass];
    }

    @Override
    public int nextClass(int state, int from) {
        for (int c = from; c < classCount; c++) {
            if (next[state * classCount + c] >= 0) {
                return c;
            }
        }
        return -1;
    }
}
