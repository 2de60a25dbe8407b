package io.bytelm.constraint.automaton;

/** Only what leads somewhere: most states of a long list of texts go on in one way. */
final class SparseTransitions implements Transitions {
    private final int[] firstEdge;
    private final byte[] classes;
    private final int[] targets;

    /**
     * @param firstEdge {@code [states + 1]}: those of state {@code s} are at {@code firstEdge[s] .. firstEdge[s + 1] - 1}
     * @param classes {@code [edges]}: ascending for each state, unsigned
     * @param targets {@code [edges]}
     */
    SparseTransitions(int[] firstEdge, byte[] classes, int[] targets) {
        this.firstEdge = firstEdge;
        this.classes = classes;
        this.targets = targets;
    }

    @Override
    public int next(int state, int symbolClass) {
        int edge = firstEdgeFrom(state, symbolClass);
        return edge < firstEdge[state + 1] && (classes[edge] & 0xFF) == symbolClass ? targets[edge] : ByteDfa.DEAD;
    }

    @Override
    public int nextClass(int state, int from) {
        int edge = firstEdgeFrom(state, from);
        return edge < firstEdge[state + 1] ? classes[edge] & 0xFF : -1;
    }

    private int firstEdgeFrom(int state, int symbolClass) {
        int low = firstEdge[state];
        int high = firstEdge[state + 1];
        while (low < high) {
            int middle = (low + high) >>> 1;
            if ((classes[middle] & 0xFF) < symbolClass) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
