package io.bytelm.constraint.grammar;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The states among some analyses, each once, with the fewest bytes that may follow its rule: all that masks need to know, and
 * no more than the network has states, however many analyses there are. Immutable.
 */
record RestsByState(int[] states, int[] fewestBytes) {
    static RestsByState of(int[] states, StackNode[] nodes) {
        int[] distinct = new int[states.length];
        int[] fewest = new int[states.length];
        int size = 0;
        Map<Integer, Integer> places = new HashMap<>();
        for (int i = 0; i < states.length; i++) {
            Integer place = states.length == 1 ? null : places.putIfAbsent(states[i], size);
            if (place == null) {
                distinct[size] = states[i];
                fewest[size++] = nodes[i].fewest();
            } else {
                fewest[place] = Math.min(fewest[place], nodes[i].fewest());
            }
        }
        return new RestsByState(Arrays.copyOf(distinct, size), Arrays.copyOf(fewest, size));
    }

    int size() {
        return states.length;
    }

    int state(int index) {
        return states[index];
    }

    /** The fewest bytes from the end of the state's rule to the end of the text. */
    int fewest(int index) {
        return fewestBytes[index];
    }
}
