package io.bytelm.constraint.composed;

import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Collects the ways in which a text can be read up to one byte, each once. How ambiguous a constraint is shows only in its texts,
 * so it is counted while they are read. Used by one thread.
 */
final class Reading {
    /** Ways to read a text at one byte: some milliseconds for a byte. */
    static final int MOST_WAYS = 1 << 10;

    /** Ways followed over all bytes of an ambiguous stretch: some seconds. */
    static final int MOST_STEPS = 1 << 21;

    /** Steps that all leaves together take for one byte: some hundredths of a second. */
    static final int MOST_STEPS_PER_BYTE = 1 << 20;

    private static final int BYTES_PER_STEP = 16;

    /** Leaves whose saved positions are the same go on in the same way. */
    private record Way(int leaf, int returnState, ByteBuffer saved) {}

    private final ComposedConstraint constraint;
    private final Set<Integer> states = new LinkedHashSet<>();
    private final List<InLeaf> inLeaves = new ArrayList<>();
    private final Set<Long> places = new HashSet<>();
    private final Set<Way> known = new HashSet<>();
    /** The first so many leaves are known. */
    private int compared;

    private int steps;
    private int stepsInLeaves;

    /** @param steps what the text has taken up to there */
    Reading(ComposedConstraint constraint, int steps) {
        this.constraint = constraint;
        this.steps = steps;
    }

    /** What the text has taken, this byte included. */
    int steps() {
        return steps;
    }

    int size() {
        return states.size() + inLeaves.size();
    }

    boolean isEmpty() {
        return size() == 0;
    }

    /** Adds a state of the frame, the leaves that begin there, and what follows those that may be empty. */
    void enter(int first) {
        Deque<Integer> open = new ArrayDeque<>();
        open.add(first);
        while (!open.isEmpty()) {
            int state = open.pop();
            if (!states.add(state)) {
                continue;
            }
            count(1);
            for (InLeaf begun : constraint.begun(state)) {
                add(begun);
                if (constraint.leafMayBeEmpty(begun.leaf())) {
                    open.push(begun.returnState());
                }
            }
        }
    }

    /** Adds a state by itself. */
    void addState(int state) {
        states.add(state);
    }

    /** Adds a leaf that has read one byte more, and what follows it if it may end here. */
    void goOn(InLeaf inLeaf) {
        countInLeaves(inLeaf.cursor().stepsTaken());
        if (inLeaf.cursor().accepting()) {
            enter(inLeaf.returnState());
        }
        add(inLeaf);
    }

    /** Adds a leaf by itself, unless it cannot go on. */
    void add(InLeaf inLeaf) {
        if (!inLeaf.live().isEmpty() && isNew(inLeaf)) {
            inLeaves.add(inLeaf);
            count(1);
        }
    }

    /** Saved positions are compared only where two stand in the same place. */
    private boolean isNew(InLeaf inLeaf) {
        long place = (long) inLeaf.leaf() << Integer.SIZE | inLeaf.returnState();
        if (places.add(place)) {
            return true;
        }
        for (; compared < inLeaves.size(); compared++) {
            known.add(way(inLeaves.get(compared)));
        }
        boolean isNew = known.add(way(inLeaf));
        compared += isNew ? 1 : 0; // it is added next
        return isNew;
    }

    private Way way(InLeaf inLeaf) {
        byte[] saved = inLeaf.cursor().save();
        countInLeaves(saved.length);
        return new Way(inLeaf.leaf(), inLeaf.returnState(), ByteBuffer.wrap(saved));
    }

    private void count(int more) {
        steps += more;
        if (size() > MOST_WAYS) {
            throw tooAmbiguous("more than " + MOST_WAYS + " at one byte");
        }
        if (steps > MOST_STEPS) {
            throw tooAmbiguous("that take more than " + MOST_STEPS + " steps up to here");
        }
    }

    private void countInLeaves(int more) {
        stepsInLeaves += more;
        if (stepsInLeaves > MOST_STEPS_PER_BYTE) {
            throw tooAmbiguous("that take more than " + MOST_STEPS_PER_BYTE + " steps for one byte");
        }
        count(more / BYTES_PER_STEP);
    }

    private static ConstraintException tooAmbiguous(String ways) {
        return new ConstraintException(
                Reason.TOO_LARGE,
                "the constraint is too ambiguous to be followed any further: there are too many ways to read this text, "
                        + ways + "; put a literal between parts that may be read as one another");
    }

    /** The position; not of an empty collection. */
    ComposedCursor position() {
        int[] useful = states.stream()
                .mapToInt(state -> state)
                .filter(state -> constraint.frame().accepting(state)
                        || !constraint.frame().live(state).isEmpty())
                .toArray();
        if (inLeaves.size() == 1 && useful.length == 0) {
            return inLeaves.get(0);
        }
        if (inLeaves.isEmpty() && useful.length == 1) {
            return new InFrame(constraint, useful[0]);
        }
        return new Several(constraint, useful, inLeaves.toArray(InLeaf[]::new), steps);
    }
}
