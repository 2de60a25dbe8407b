package io.bytelm.constraint.automaton;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import java.util.Arrays;
import java.util.List;

/**
 * Makes an automaton deterministic (Rabin and Scott 1959). A deterministic state is the state of each look-behind's table
 * and a set of items; an item is a state of the nondeterministic automaton with its {@link Obligations}.
 */
final class SubsetConstruction {
    private static final int MAX_ITEMS = 1 << 24;
    /** An item is collected, sorted with the others and looked up. */
    private static final int STEPS_PER_TARGET = 2;

    private static final int SET_BYTES = 64;

    private final Nfa nfa;
    private final CompileBudget budget;
    private final SymbolClasses classes;
    private final List<Look> looks;
    private final Obligations obligations;
    private final int nfaStates;
    private final int[] representatives;
    private final int lookBehinds;
    private final IntArrayInterner closedSets = new IntArrayInterner();
    private final IntArrayInterner openSets = new IntArrayInterner();
    private final IntList closedOfOpen = new IntList();
    private final IntList next = new IntList();
    private final IntList stack = new IntList();
    private final IntList core = new IntList();
    private final IntList[] targets;
    private final int[] closedOfItem;
    private int[] visitedIn;
    private int closures;

    private SubsetConstruction(Nfa nfa, CompileBudget budget) {
        this.nfa = nfa;
        this.budget = budget;
        this.classes = SymbolClasses.of(nfa);
        this.looks = nfa.looks();
        this.obligations = new Obligations(looks, budget);
        this.nfaStates = nfa.stateCount();
        this.representatives = classes.representatives();
        this.lookBehinds = (int) looks.stream().filter(look -> !look.ahead()).count();
        budget.requireMemory(16L * nfaStates);
        this.visitedIn = new int[nfaStates];
        this.targets = new IntList[classes.count()];
        Arrays.setAll(targets, c -> new IntList());
        this.closedOfItem = new int[nfaStates];
        Arrays.fill(closedOfItem, Nfa.NONE);
    }

    /** The minimal deterministic automaton of the same language. */
    static TransitionTable determinize(Nfa nfa, CompileBudget budget) {
        return Minimizer.minimize(new SubsetConstruction(nfa, budget).construct(), budget);
    }

    private TransitionTable construct() {
        int[] open = new int[looks.size() + 1];
        open[looks.size()] = nfa.start();
        closedSetOf(open);
        for (int state = 0; state < closedSets.size(); state++) {
            expand(closedSets.get(state));
        }
        boolean[] accepting = new boolean[closedSets.size()];
        for (int state = 0; state < accepting.length; state++) {
            accepting[state] = accepts(closedSets.get(state));
        }
        return new TransitionTable(classes, next.toArray(), accepting);
    }

    private void expand(int[] set) {
        budget.chargeState(4L * classes.count());
        budget.tick(classes.count() * (1L + looks.size() + lookBehinds));
        for (int i = looks.size(); i < set.length; i++) {
            collectTargets(set[i]);
        }
        for (int c = 0; c < targets.length; c++) {
            next.add(target(set, c));
            targets[c].clear();
        }
    }

    private int target(int[] set, int symbolClass) {
        IntList items = targets[symbolClass];
        if (items.size() == 0) {
            return Nfa.NONE;
        }
        if (items.size() > 1 || !looks.isEmpty()) {
            return closedSetOf(openSet(set, symbolClass));
        }
        int item = items.get(0);
        if (closedOfItem[item] == Nfa.NONE) {
            closedOfItem[item] = closedSetOf(new int[] {item});
        }
        return closedOfItem[item];
    }

    private void collectTargets(int item) {
        int owed = item / nfaStates;
        for (int e = nfa.firstEdge(item % nfaStates); e != Nfa.NONE; e = nfa.nextEdge(e)) {
            int last = classes.classOf(nfa.last(e));
            for (int c = classes.classOf(nfa.first(e)); c <= last; c++) {
                budget.tick(STEPS_PER_TARGET);
                int stillOwed = owed == Obligations.NOTHING ? owed : obligations.step(owed, representatives[c]);
                if (stillOwed != Obligations.FAILED) {
                    targets[c].add(item(nfa.target(e), stillOwed));
                }
            }
        }
    }

    /** The look-behinds' next states, then the items that a symbol class leads to, before any empty edge. */
    private int[] openSet(int[] from, int symbolClass) {
        int[] items = targets[symbolClass].toSortedSet();
        int[] open = new int[looks.size() + items.length];
        for (int k = 0; k < looks.size(); k++) {
            boolean dead = looks.get(k).ahead() || from[k] < 0;
            open[k] = dead ? Nfa.NONE : looks.get(k).table().next(from[k], representatives[symbolClass]);
        }
        System.arraycopy(items, 0, open, looks.size(), items.length);
        return open;
    }

    private int closedSetOf(int[] open) {
        int number = openSets.intern(open);
        if (number == closedOfOpen.size()) {
            int[] closed = close(open);
            budget.chargeMemory(SET_BYTES + 4L * (open.length + closed.length));
            closedOfOpen.add(closedSets.intern(closed));
        }
        return closedOfOpen.get(number);
    }

    /** Follows empty edges; keeps only the items that read a symbol or accept. */
    private int[] close(int[] open) {
        closures++;
        core.clear();
        for (int i = looks.size(); i < open.length; i++) {
            visit(open[i]);
        }
        while (stack.size() > 0) {
            int item = stack.removeLast();
            int state = item % nfaStates;
            if (state == nfa.end() || nfa.firstEdge(state) != Nfa.NONE) {
                core.add(item);
            }
            for (int e = nfa.firstEmptyEdge(state); e != Nfa.NONE; e = nfa.nextEmptyEdge(e)) {
                int owed = pass(nfa.lookOf(e), item / nfaStates, open);
                if (owed != Obligations.FAILED) {
                    visit(item(nfa.emptyTarget(e), owed));
                }
            }
        }
        int[] items = core.toSortedSet();
        int[] closed = Arrays.copyOf(open, looks.size() + items.length);
        System.arraycopy(items, 0, closed, looks.size(), items.length);
        return closed;
    }

    /** What is owed after an empty edge with this condition, or FAILED if it cannot be passed. */
    private int pass(int look, int owed, int[] set) {
        if (look == Nfa.NONE) {
            return owed;
        }
        if (looks.get(look).ahead()) {
            return obligations.add(owed, look);
        }
        boolean found = set[look] >= 0 && looks.get(look).table().accepting()[set[look]];
        return found != looks.get(look).negated() ? owed : Obligations.FAILED;
    }

    private void visit(int item) {
        budget.tick();
        if (item >= visitedIn.length) {
            budget.requireMemory(8L * item);
            visitedIn = Arrays.copyOf(visitedIn, Math.max(item + 1, 2 * visitedIn.length));
        }
        if (visitedIn[item] != closures) {
            visitedIn[item] = closures;
            stack.add(item);
        }
    }

    private int item(int state, int owed) {
        if (owed > MAX_ITEMS / nfaStates) {
            throw new ConstraintException(
                    Reason.TOO_LARGE, "the look-aheads combine in too many ways: use fewer of them");
        }
        return owed * nfaStates + state;
    }

    private boolean accepts(int[] set) {
        budget.tick(set.length);
        for (int i = looks.size(); i < set.length; i++) {
            if (set[i] % nfaStates == nfa.end() && obligations.metAtEnd(set[i] / nfaStates)) {
                return true;
            }
        }
        return false;
    }
}
