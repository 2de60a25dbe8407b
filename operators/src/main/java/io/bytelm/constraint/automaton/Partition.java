package io.bytelm.constraint.automaton;

import java.util.Arrays;

/**
 * A partition of {@code 0 .. size - 1} into sets that are split by marking some of their elements. The structure is that
 * of Valmari, "Fast brief practical DFA minimization", 2012.
 */
final class Partition {
    final int[] elements;
    final int[] setOf;
    final int[] first;
    final int[] past;
    private final int[] location;
    private final int[] marked;
    private final int[] touched;
    private int touchedCount;
    int sets;

    /** One set of all elements; none if there are no elements. */
    Partition(int size) {
        elements = new int[size];
        location = new int[size];
        Arrays.setAll(elements, i -> i);
        Arrays.setAll(location, i -> i);
        setOf = new int[size];
        first = new int[size + 1];
        past = new int[size + 1];
        marked = new int[size + 1];
        touched = new int[size + 1];
        sets = size == 0 ? 0 : 1;
        past[0] = size;
    }

    /** The sets are the elements with equal labels. */
    static Partition byLabel(int[] labels, int labelCount) {
        Partition partition = new Partition(labels.length);
        int[] fill = new int[labelCount + 1];
        for (int label : labels) {
            fill[label + 1]++;
        }
        partition.sets = 0;
        for (int label = 0; label < labelCount; label++) {
            if (fill[label + 1] > 0) {
                partition.first[partition.sets] = fill[label];
                partition.past[partition.sets++] = fill[label] + fill[label + 1];
            }
            fill[label + 1] += fill[label];
        }
        for (int element = 0; element < labels.length; element++) {
            int at = fill[labels[element]]++;
            partition.elements[at] = element;
            partition.location[element] = at;
        }
        partition.numberSets();
        return partition;
    }

    private void numberSets() {
        for (int set = 0; set < sets; set++) {
            for (int i = first[set]; i < past[set]; i++) {
                setOf[elements[i]] = set;
            }
        }
    }

    /** Marks an element that is not marked yet. */
    void mark(int element) {
        int set = setOf[element];
        int from = location[element];
        int to = first[set] + marked[set];
        elements[from] = elements[to];
        location[elements[from]] = from;
        elements[to] = element;
        location[element] = to;
        if (marked[set]++ == 0) {
            touched[touchedCount++] = set;
        }
    }

    /** Splits each set with marked and unmarked elements; the smaller part becomes a new set. Unmarks all. */
    void split() {
        while (touchedCount > 0) {
            int set = touched[--touchedCount];
            int middle = first[set] + marked[set];
            if (middle != past[set]) {
                splitAt(set, middle);
            }
            marked[set] = 0;
        }
    }

    private void splitAt(int set, int middle) {
        if (middle - first[set] <= past[set] - middle) {
            first[sets] = first[set];
            past[sets] = middle;
            first[set] = middle;
        } else {
            first[sets] = middle;
            past[sets] = past[set];
            past[set] = middle;
        }
        for (int i = first[sets]; i < past[sets]; i++) {
            setOf[elements[i]] = sets;
        }
        sets++;
    }
}
