package io.bytelm.constraint.automaton;

import io.bytelm.constraint.CompileBudget;
import java.util.Arrays;

/** Set operations on the languages of two automata: both run side by side (Rabin and Scott 1959). */
public final class DfaProduct {
    private enum Operation {
        UNION,
        INTERSECTION,
        DIFFERENCE
    }

    private static final int BYTES = 256;
    private static final int STEPS_FOR_CLASSES = 300;
    private static final int STEPS_PER_TARGET = 3;
    private static final int PAIR_BYTES = 40;

    private final Operation operation;
    private final ByteDfa left;
    private final ByteDfa right;
    private final CompileBudget budget;
    private final IntArrayInterner pairs = new IntArrayInterner();
    private final IntArrayInterner classPairs = new IntArrayInterner();

    private DfaProduct(Operation operation, ByteDfa left, ByteDfa right, CompileBudget budget) {
        this.operation = operation;
        this.left = left;
        this.right = right;
        this.budget = budget;
    }

    /** What one of the two accepts. */
    public static ByteDfa union(ByteDfa left, ByteDfa right, CompileBudget budget) {
        return new DfaProduct(Operation.UNION, left, right, budget).run();
    }

    /** What both accept. */
    public static ByteDfa intersection(ByteDfa left, ByteDfa right, CompileBudget budget) {
        return new DfaProduct(Operation.INTERSECTION, left, right, budget).run();
    }

    /** What the left one accepts and the right one does not. */
    public static ByteDfa difference(ByteDfa left, ByteDfa right, CompileBudget budget) {
        return new DfaProduct(Operation.DIFFERENCE, left, right, budget).run();
    }

    private ByteDfa run() {
        budget.tick(STEPS_FOR_CLASSES + left.classCount() * right.classCount());
        int[] classOf = new int[BYTES];
        int[] known = new int[left.classCount() * right.classCount()];
        Arrays.fill(known, ByteDfa.DEAD);
        for (int b = 0; b < classOf.length; b++) {
            classOf[b] = classPair(left.classOf(b), right.classOf(b), known);
        }
        IntList next = new IntList();
        pairs.intern(new int[] {0, 0});
        for (int state = 0; state < pairs.size(); state++) {
            budget.chargeState(PAIR_BYTES + 4L * classPairs.size());
            for (int c = 0; c < classPairs.size(); c++) {
                next.add(target(pairs.get(state), classPairs.get(c)));
            }
        }
        boolean[] accepting = new boolean[pairs.size()];
        for (int state = 0; state < accepting.length; state++) {
            accepting[state] = accepts(pairs.get(state));
        }
        return ByteDfa.ofTable(
                new TransitionTable(SymbolClasses.ofBytes(classOf, classPairs.size()), next.toArray(), accepting),
                budget);
    }

    private int classPair(int inLeft, int inRight, int[] known) {
        int at = inLeft * right.classCount() + inRight;
        if (known[at] < 0) {
            known[at] = classPairs.intern(new int[] {inLeft, inRight});
        }
        return known[at];
    }

    private int target(int[] pair, int[] classes) {
        budget.tick(STEPS_PER_TARGET);
        int inLeft = next(left, pair[0], classes[0]);
        int inRight = next(right, pair[1], classes[1]);
        boolean dead = switch (operation) {
            case UNION -> inLeft < 0 && inRight < 0;
            case INTERSECTION -> inLeft < 0 || inRight < 0;
            case DIFFERENCE -> inLeft < 0;
        };
        return dead ? ByteDfa.DEAD : pairs.intern(new int[] {inLeft, inRight});
    }

    private static int next(ByteDfa dfa, int state, int symbolClass) {
        return state < 0 ? ByteDfa.DEAD : dfa.nextByClass(state, symbolClass);
    }

    private boolean accepts(int[] pair) {
        boolean inLeft = pair[0] >= 0 && left.accepting(pair[0]);
        boolean inRight = pair[1] >= 0 && right.accepting(pair[1]);
        return switch (operation) {
            case UNION -> inLeft || inRight;
            case INTERSECTION -> inLeft && inRight;
            case DIFFERENCE -> inLeft && !inRight;
        };
    }
}
