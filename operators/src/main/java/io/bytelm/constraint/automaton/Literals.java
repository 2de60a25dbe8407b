package io.bytelm.constraint.automaton;

import io.bytelm.constraint.CompileBudget;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Automata of given byte strings: their {@link WordGraph}, numbered as every minimal automaton is. */
public final class Literals {
    private static final int BYTES = 256;
    /** Tables of up to so many cells are dense: a step in them is faster. */
    private static final int MOST_DENSE_CELLS = 1 << 20;
    /** A state's numbers, and an edge's place in a column, while they are looked for. */
    private static final int STATE_BYTES = 16;

    private static final int EDGE_BYTES = 24;
    private static final int STEPS_PER_EDGE = 4;

    private final WordGraph graph;
    private final CompileBudget budget;
    private final int[] order;
    private final int[] numberOf;
    private final int[] classOf = new int[BYTES];
    private final int[] firstByteOfClass = new int[BYTES];
    private int classCount;

    private Literals(WordGraph graph, CompileBudget budget) {
        this.graph = graph;
        this.budget = budget;
        this.order = new int[graph.stateCount()];
        this.numberOf = new int[graph.stateCount()];
    }

    /** Exactly these byte strings; of none: nothing at all. */
    public static ByteDfa of(Collection<byte[]> strings, CompileBudget budget) {
        long size = strings.size();
        budget.tick(size * (Long.SIZE - Long.numberOfLeadingZeros(size)));
        List<byte[]> sorted = strings.stream().sorted(Arrays::compareUnsigned).toList();
        return new Literals(WordGraph.of(sorted, budget), budget).build();
    }

    private ByteDfa build() {
        numberBreadthFirst();
        int edges = countClasses();
        boolean[] accepting = new boolean[order.length];
        int[] fewest = fewestByNumber();
        for (int state = 0; state < order.length; state++) {
            accepting[state] = graph.accepting(order[state]);
        }
        long cells = (long) order.length * classCount;
        Transitions transitions = cells <= MOST_DENSE_CELLS ? dense((int) cells) : sparse(edges);
        return new ByteDfa(SymbolClasses.ofBytes(classOf, classCount), transitions, accepting, fewest, budget);
    }

    private void numberBreadthFirst() {
        budget.requireMemory(STATE_BYTES * (long) order.length);
        Arrays.fill(numberOf, Nfa.NONE);
        order[0] = graph.start();
        numberOf[order[0]] = 0;
        int numbered = 1;
        for (int n = 0; n < numbered; n++) {
            budget.tick(1L + graph.edgeCount(order[n]));
            for (int edge = 0; edge < graph.edgeCount(order[n]); edge++) {
                int target = graph.target(order[n], edge);
                if (numberOf[target] < 0) {
                    numberOf[target] = numbered;
                    order[numbered++] = target;
                }
            }
        }
    }

    /**
     * Bytes with the same edges are one class, numbered by its first byte.
     *
     * @return how many edges there are by classes
     */
    private int countClasses() {
        IntList[] columns = new IntList[BYTES];
        Arrays.setAll(columns, b -> new IntList());
        long edges = 0;
        for (int state = 0; state < order.length; state++) {
            edges += graph.edgeCount(order[state]);
            budget.requireMemory(EDGE_BYTES * edges);
            budget.tick(STEPS_PER_EDGE * (long) graph.edgeCount(order[state]));
            for (int edge = 0; edge < graph.edgeCount(order[state]); edge++) {
                IntList column = columns[graph.label(order[state], edge)];
                column.add(state);
                column.add(graph.target(order[state], edge));
            }
        }
        IntArrayInterner distinct = new IntArrayInterner();
        int kept = 0;
        for (int b = 0; b < BYTES; b++) {
            classOf[b] = distinct.intern(columns[b].toArray());
            if (classOf[b] == classCount) {
                firstByteOfClass[classCount++] = b;
                kept += columns[b].size() / 2;
            }
        }
        return kept;
    }

    /** {@code [states]}: the fewest bytes to the end of a string; -1 if there are no strings. */
    private int[] fewestByNumber() {
        int[] fewest = new int[order.length];
        for (int state = 0; state < order.length; state++) {
            int least = graph.accepting(state) ? 0 : Integer.MAX_VALUE;
            for (int edge = 0; edge < graph.edgeCount(state); edge++) {
                least = Math.min(least, 1 + fewest[numberOf[graph.target(state, edge)]]);
            }
            fewest[numberOf[state]] = least == Integer.MAX_VALUE ? ByteDfa.DEAD : least;
        }
        return fewest;
    }

    /** Whether an edge stands for its class: all bytes of a class lead from a state to the same one. */
    private boolean isFirstOfClass(int state, int edge) {
        int label = graph.label(state, edge);
        return firstByteOfClass[classOf[label]] == label;
    }

    private Transitions dense(int cells) {
        budget.chargeMemory(4L * cells);
        budget.tick(cells);
        int[] next = new int[cells];
        Arrays.fill(next, ByteDfa.DEAD);
        for (int state = 0; state < order.length; state++) {
            for (int edge = 0; edge < graph.edgeCount(order[state]); edge++) {
                int symbolClass = classOf[graph.label(order[state], edge)];
                next[state * classCount + symbolClass] = numberOf[graph.target(order[state], edge)];
            }
        }
        return new DenseTransitions(next, classCount);
    }

    private Transitions sparse(int edges) {
        budget.chargeMemory(4L * order.length + 5L * edges);
        int[] firstEdge = new int[order.length + 1];
        byte[] classes = new byte[edges];
        int[] targets = new int[edges];
        int count = 0;
        for (int state = 0; state < order.length; state++) {
            for (int edge = 0; edge < graph.edgeCount(order[state]); edge++) {
                if (isFirstOfClass(order[state], edge)) {
                    classes[count] = (byte) classOf[graph.label(order[state], edge)];
                    targets[count++] = numberOf[graph.target(order[state], edge)];
                }
            }
            firstEdge[state + 1] = count;
        }
        return new SparseTransitions(firstEdge, classes, targets);
    }
}
