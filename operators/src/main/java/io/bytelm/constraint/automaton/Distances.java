package io.bytelm.constraint.automaton;

import java.util.Arrays;

/** The fewest symbols from each state to an accepting one, by breadth-first search against the transitions. */
final class Distances {
    private Distances() {}

    /** {@code [states]}: a number of symbols, -1 where no accepting state can be reached. */
    static int[] toAccepting(TransitionTable table) {
        int states = table.stateCount();
        int[] firstInto = new int[states + 1];
        int[] into = tailsByHead(table, firstInto);
        int[] distance = new int[states];
        Arrays.fill(distance, -1);
        int[] queue = new int[states];
        int queued = 0;
        for (int s = 0; s < states; s++) {
            if (table.accepting()[s]) {
                distance[s] = 0;
                queue[queued++] = s;
            }
        }
        for (int done = 0; done < queued; done++) {
            int head = queue[done];
            for (int i = firstInto[head]; i < firstInto[head + 1]; i++) {
                if (distance[into[i]] < 0) {
                    distance[into[i]] = distance[head] + 1;
                    queue[queued++] = into[i];
                }
            }
        }
        return distance;
    }

    /** The transitions by head: those into state {@code s} are at {@code firstInto[s] .. firstInto[s + 1] - 1}. */
    static int[] tailsByHead(TransitionTable table, int[] firstInto) {
        int states = table.stateCount();
        for (int head : table.next()) {
            if (head >= 0) {
                firstInto[head + 1]++;
            }
        }
        for (int s = 0; s < states; s++) {
            firstInto[s + 1] += firstInto[s];
        }
        int[] fill = firstInto.clone();
        int[] into = new int[firstInto[states]];
        for (int t = 0; t < table.next().length; t++) {
            int head = table.next()[t];
            if (head >= 0) {
                into[fill[head]++] = t / table.classCount();
            }
        }
        return into;
    }
}
